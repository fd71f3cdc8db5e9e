// Rows marked for a bulk action. "All matching" means every row of the filtered list, not only this page.
import { openDialog } from "./dialogs.js";
import { word } from "./words.js";

export function rowSelection() {
  return {
    picked: 0,
    everything: false,

    boxes() {
      return [...this.$root.querySelectorAll("input[name=keys]")];
    },
    any() {
      return this.picked > 0;
    },
    pageFull() {
      return this.picked > 0 && this.picked === this.boxes().length && !this.everything;
    },
    label() {
      return this.everything
        ? word("selectedAll", { n: this.$root.dataset.total || "" })
        : word("selected", { n: this.picked });
    },
    allMatching() {
      return this.everything ? "1" : "";
    },
    count() {
      const boxes = this.boxes();
      this.picked = boxes.filter((box) => box.checked).length;
      if (this.picked < boxes.length) this.everything = false;
      boxes.forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
      const head = this.$root.querySelector("[data-select-page]");
      if (head) {
        head.checked = this.picked > 0 && this.picked === boxes.length;
        head.indeterminate = this.picked > 0 && this.picked < boxes.length;
      }
    },
    page(event) {
      this.boxes().forEach((box) => {
        box.checked = event.target.checked;
      });
      this.count();
    },
    matching() {
      this.everything = true;
    },
    clear() {
      this.everything = false;
      this.boxes().forEach((box) => {
        box.checked = false;
      });
      this.count();
    },
    act(event) {
      const { bulk, title, consequence, danger, reason } = event.currentTarget.dataset;
      const dialog = document.getElementById("wd-bulk-confirm");
      dialog.querySelector("[data-bulk-title]").textContent = title;
      dialog.querySelector("[data-bulk-count]").textContent = this.label();
      dialog.querySelector("[data-bulk-consequence]").textContent = consequence;
      dialog.querySelector("[data-bulk-name]").value = bulk;
      const why = dialog.querySelector("[data-bulk-reason]");
      why.hidden = reason !== "yes";
      why.querySelector("textarea").required = reason === "yes";
      for (const choice of dialog.querySelectorAll("[data-bulk-choice]")) {
        choice.hidden = choice.dataset.bulkChoice !== bulk;
        choice.querySelector("select").disabled = choice.hidden;
      }
      const go = dialog.querySelector("[data-bulk-go]");
      go.textContent = title;
      go.classList.toggle("btn-danger", danger === "yes");
      go.classList.toggle("btn-primary", danger !== "yes");
      openDialog("wd-bulk-confirm");
    },
  };
}
