import type { Cell } from "../store/training";
import { coded, t } from "../words";

/** The confusion matrix: a shade says how much of a row a cell holds; a cell opens its messages. */
export function Matrix({ cells, open }: { cells: Cell[]; open: (cell: Cell) => void }) {
  const names = [...new Set(cells.flatMap(({ actual, predicted }) => [actual, predicted]))].sort();
  const found = new Map(cells.map((cell) => [`${cell.actual} ${cell.predicted}`, cell]));
  const totals = new Map<string, number>();
  for (const { actual, count } of cells) totals.set(actual, (totals.get(actual) ?? 0) + count);
  return (
    <div class="table-box matrix-box" tabIndex={0} role="region" aria-label={t("report_matrix")}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{t("report_actual")}</span>
            </th>
            {names.map((name) => (
              <th key={name} scope="col">
                <span>{coded("intent_", name)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((actual) => (
            <tr key={actual}>
              <th scope="row">{coded("intent_", actual)}</th>
              {names.map((predicted) => (
                <MatrixCell
                  key={predicted}
                  cell={found.get(`${actual} ${predicted}`)}
                  total={totals.get(actual) ?? 1}
                  open={open}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MatrixCellProps {
  cell: Cell | undefined;
  total: number;
  open: (cell: Cell) => void;
}

function MatrixCell({ cell, total, open }: MatrixCellProps) {
  if (!cell) return <td />;
  // Five shades: a style of its own for each share would need a looser policy of the page.
  const shade = Math.max(1, Math.ceil((5 * cell.count) / total));
  if (cell.actual === cell.predicted) return <td class={`right shade-${shade}`}>{cell.count}</td>;
  const name = t("report_cell", {
    actual: coded("intent_", cell.actual),
    predicted: coded("intent_", cell.predicted),
    count: cell.count,
  });
  return (
    <td class={`wrong shade-${shade}`}>
      <button class="plain" aria-label={name} title={name} onClick={() => open(cell)}>
        {cell.count}
      </button>
    </td>
  );
}
