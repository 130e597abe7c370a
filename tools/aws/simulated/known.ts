/** Ids of the simulated estate that examples, documentation and tests may rely on. They never change. */
export const known = {
  account: { id: '111122223333', alias: 'acme-sandbox' },
  regions: ['eu-west-1', 'us-east-1'],
  /** web-2, staging, managed: CPU and memory high, status check impaired, target timing out. Better after a reboot. */
  sickInstance: 'i-0bad5eed2c0ffee02',
  /** web-1, staging, managed and well. */
  healthyInstance: 'i-0ace1dea1c0ffee01',
  /** api-1, production, managed and well. */
  productionInstance: 'i-0decade01faced0a1',
  /** bastion, production, without the tag OpsAgentManaged. */
  untaggedInstance: 'i-0ba5710000feed001',
  /** report-1, development, managed, stopped. */
  stoppedInstance: 'i-0def1eadc0de00010',
  /** Too few tasks for its load: unhealthy until scaled to at least `healthyFrom` tasks. */
  sickService: { cluster: 'main', service: 'checkout', desired: 4, running: 2, healthyFrom: 6 },
  /** Staging, managed and well, 2 tasks. */
  healthyService: { cluster: 'main', service: 'cart', desired: 2 },
  /** Without the tag OpsAgentManaged. */
  untaggedService: { cluster: 'data', service: 'ingest', desired: 3 },
} as const;
