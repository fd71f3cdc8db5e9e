// The column chooser of a list: at least one column stays; "all" and "default" are one press.
export function columnChooser() {
  return {
    boxes() {
      return [...this.$root.querySelectorAll("input[type=checkbox]")];
    },
    all() {
      this.boxes().forEach((box) => {
        box.checked = true;
      });
    },
    keepOne(event) {
      if (this.boxes().every((box) => !box.checked)) event.target.checked = true;
    },
  };
}
