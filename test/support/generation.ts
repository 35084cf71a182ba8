/* eslint-disable @n8n/community-nodes/no-restricted-globals */
/**
 * Whether n8n-core and n8n-workflow are those of n8n 1 (`test/n8n1/jest.config.mjs`); their
 * differences from n8n 2 are expected only then.
 */
export const isN8n1 = process.env.N8N1_MODULES !== undefined;
