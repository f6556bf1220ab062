// The script of every page: three small services, without which the page is still whole.
import { followAnchors } from "./page/anchors.js";
import { unfoldForPrint } from "./page/print.js";
import { watchScrollBoxes } from "./page/scroll-boxes.js";

watchScrollBoxes();
followAnchors();
unfoldForPrint();
