/**
 * Current details are worked out when somebody asks for them, because nobody looks at an order after each of its messages.
 * A module of interceptors: the bundle names it (`workers/bundle.ts`).
 */
import { setCurrentDetails, type WorkflowInterceptors } from '@temporalio/workflow';

/** The query by which the Web UI and the CLI ask for a workflow's details. */
const metadataQuery = '__temporal_workflow_metadata';

let details: (() => string) | undefined;

/** From now on `how` tells the details of this workflow. */
export function describeWhenAsked(how: () => string): void {
  details = how;
}

export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        const isAsked = input.activation.jobs?.some(({ queryWorkflow: query }) => query?.queryType === metadataQuery);
        if (isAsked && details) setCurrentDetails(details());
        next(input);
      },
    },
  ],
});
