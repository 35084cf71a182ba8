/** What makes n8n register a webhook again: publishing a published workflow that is unchanged does nothing. */
export const REPUBLISH = 'unpublish (deactivate) the workflow and publish (activate) it again';
