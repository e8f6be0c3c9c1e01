import { BaseCommand } from '../../lib/cli/index.ts';

export default class ApiSpec extends BaseCommand {
  static override summary = "print the description of the agent's HTTP API: OpenAPI 3.1";
  static override description =
    'Needs no agent; one that runs serves the same as GET /v1/openapi.json on its socket (doze agent status).';
  static override examples = [
    { description: 'for a generator of clients', command: 'doze api spec > doze.openapi.json' },
    { description: 'what there is', command: "doze api spec | jq -r '.paths | keys[]'" },
  ];

  async run(): Promise<void> {
    await this.open(ApiSpec);
    const { openApiDocument } = await import('../../lib/api/openapi/index.ts');
    const document = openApiDocument(this.config.version);
    this.output.result(document, JSON.stringify(document, null, 2));
  }
}
