// Reads a JSON array of LogQL queries from standard input and writes an array of the same length: null for a query that
// Grafana's own grammar accepts, else the offset of the first fault.
import { parser } from '@grafana/lezer-logql';

const input = [];
for await (const chunk of process.stdin) input.push(chunk);
const queries = JSON.parse(Buffer.concat(input).toString('utf8'));

const firstFault = (query) => {
  if (query.trim() === '') return 0;
  let fault = null;
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError && fault === null) fault = node.from;
    },
  });
  return fault;
};

process.stdout.write(JSON.stringify(queries.map(firstFault)));
