// What every page runs. Behaviour is bound to data attributes (see /console/components); nothing stands inline.
import Alpine from "@alpinejs/csp";
import "bootstrap/js/src/dropdown.js";
import "bootstrap/js/src/offcanvas.js";
import "./parts/requests.js";
import "./parts/dialogs.js";
import "./parts/clocks.js";
import "./parts/data.js";
import "./parts/entry.js";
import "./parts/field.js";
import "./parts/graphics.js";
import "./parts/masked.js";
import "./parts/menu.js";
import "./parts/palette.js";
import "./parts/phrases.js";
import "./parts/print.js";
import "./parts/queue.js";
import "./parts/rows.js";
import "./parts/tabs.js";
import "./parts/theme-switch.js";
import "./parts/till.js";
import { columnChooser } from "./parts/columns.js";
import { rowSelection } from "./parts/selection.js";

Alpine.data("columnChooser", columnChooser);
Alpine.data("rowSelection", rowSelection);
Alpine.start();
