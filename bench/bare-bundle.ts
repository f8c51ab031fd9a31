/** The bundle of the workflows that the product is measured by. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

export const bareBundle = () =>
  bundleWorkflowCode({ workflowsPath: require.resolve('./bare-workflow'), logger: new DefaultLogger('ERROR') });
