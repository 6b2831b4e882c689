"use strict";
// Sorting, and nothing else: without it every table stands as it was written.
(() => {
  const said = document.querySelector(".said");
  const compare = new Intl.Collator("fr", { numeric: true }).compare;

  const valueOf = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  };

  const sort = (table, heading, at, numbers) => {
    const before = heading.getAttribute("aria-sort");
    const first = numbers ? "descending" : "ascending";
    const order = before === null ? first : before === "ascending" ? "descending" : "ascending";
    const sign = order === "ascending" ? 1 : -1;
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, other) => {
      const [left, right] = [valueOf(one, at), valueOf(other, at)];
      return sign * (typeof left === "number" ? left - right : compare(left, right));
    });
    table.tBodies[0].append(...rows);
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
    const word = order === "ascending" ? said.dataset.up : said.dataset.down;
    said.textContent = said.dataset.template
      .replace("§", () => heading.textContent.trim())
      .replace("¤", () => word);
  };

  for (const table of document.querySelectorAll("table")) {
    [...table.tHead.rows[0].cells].forEach((heading, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading, at, heading.dataset.sort === "number"));
    });
  }
})();
