/**
 * What the product would be with regular activities, as most Temporal applications have them: a module of interceptors that
 * commits each message by a regular activity, and tells of it by a second one. All else is the product's: rules, documents.
 */
import { proxyActivities, type WorkflowInterceptors } from '@temporalio/workflow';

const activities = proxyActivities<Record<string, (...args: unknown[]) => Promise<unknown>>>({
  startToCloseTimeout: '15s',
});

export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      async scheduleLocalActivity({ activityType, args }) {
        const answer = await activities[activityType]?.(...args);
        // It does nothing: what a second activity costs is the engine's.
        if (activityType === 'commit') await activities.tell?.();
        return answer;
      },
    },
  ],
});
