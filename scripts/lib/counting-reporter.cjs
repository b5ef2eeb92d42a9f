// mocha's spec reporter, which also writes its counts to the file ROWHOUSE_COUNTS after each test.
// A process that is killed half-way thereby leaves what it had counted, with `finished` false.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_BEGIN, EVENT_RUN_END } =
  Mocha.Runner.constants;

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passes: 0, failures: 0, pending: 0, finished: false };
    const write = () => {
      const file = process.env.ROWHOUSE_COUNTS;
      if (file) writeFileSync(file, JSON.stringify(counts));
    };
    const count = (name) => () => {
      counts[name] += 1;
      write();
    };
    runner.on(EVENT_RUN_BEGIN, write);
    runner.on(EVENT_TEST_PASS, count('passes'));
    runner.on(EVENT_TEST_FAIL, count('failures'));
    runner.on(EVENT_TEST_PENDING, count('pending'));
    runner.once(EVENT_RUN_END, () => {
      counts.finished = true;
      write();
    });
  }
};
