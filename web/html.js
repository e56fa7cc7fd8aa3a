// html.js - Preact and htm as the pages use them: one import for markup and state.
// SPDX-License-Identifier: Apache-2.0
import { Component, Fragment, h, render } from "./preact.js";
import htm from "./htm.js";

export { useEffect, useLayoutEffect, useRef, useState } from "./hooks.js";
export { Component, Fragment, render };
export const html = htm.bind(h);
