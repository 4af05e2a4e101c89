/** The console: what the running process shows at `/`. */
import { render } from 'preact';
import { App } from './app';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/parts.css';
import './style/tables.css';

render(<App />, document.getElementById('console')!);
