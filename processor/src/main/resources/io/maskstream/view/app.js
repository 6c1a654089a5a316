// The page: which cameras are shown, how, and the one stream that they come by.

import { address, messages } from './live.js';
import * as palette from './palette.js';
import { Player, webCodecs } from './player.js';
import { Tile } from './tile.js';

const PER_PAGE = 16;
const LIST_MS = 10_000;
const AWAY_MS = 30_000;
const AGAIN_MS = 1500;
const TILE_ASPECT = 3 / 4;
const TILE_FOOT = 112; // pixels of name, badges and chart

const element = (id) => document.getElementById(id);
const kept = JSON.parse(localStorage.getItem('maskstream') ?? '{}');

/** What the whole page shows. */
export const look = {
  hidden: new Set(),
  masks: true,
  outline: kept.outline ?? false,
  split: kept.split ?? false,
  colorBlind: kept.colorBlind ?? false,
  frozen: false,
};

/** Camera to {tile, player}, of those that are shown. */
export const tiles = new Map();

const jpeg = new Set(); // cameras that this browser cannot decode
let cameras = [];
let page = 0;
let alone; // the one camera that is shown, if it is one
let stream; // ends the stream that is read
let lost = 0; // pictures that the server dropped, because this page was slow

function visible() {
  return alone ? [alone] : cameras.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
}

/** Shows the cameras that are to be shown, and reads a stream of these. */
function show() {
  const wanted = visible();
  for (const [camera, { tile, player }] of tiles) {
    if (!wanted.includes(camera)) {
      player.close();
      tile.close();
      tiles.delete(camera);
    }
  }
  for (const camera of wanted) {
    if (!tiles.has(camera)) {
      tiles.set(camera, { tile: new Tile(camera, look) });
      tiles.get(camera).tile.element.addEventListener('click', () => choose(alone ? undefined : camera));
    }
    element('grid').append(tiles.get(camera).tile.element);
  }
  element('grid').classList.toggle('single', Boolean(alone));
  arrange();
  const pages = Math.ceil(cameras.length / PER_PAGE);
  element('pages').hidden = pages < 2 || Boolean(alone);
  element('page').textContent = `${page + 1} of ${pages}`;
  apply();
  connect();
}

/** The fewest columns with which all tiles are seen at once; four if none do. */
function arrange() {
  const { clientWidth, offsetTop } = element('grid');
  const fits = (columns) => {
    const height = clientWidth / columns * TILE_ASPECT + TILE_FOOT;
    return Math.ceil(visible().length / columns) * height <= innerHeight - offsetTop;
  };
  element('grid').style.setProperty('--columns', [1, 2, 3, 4, 5].find(fits) ?? 4);
}

function choose(camera) {
  alone = camera;
  show();
}

function turn(by) {
  page = Math.max(0, Math.min(Math.ceil(cameras.length / PER_PAGE) - 1, page + by));
  show();
}

/** Begins the stream anew, for the cameras that are shown. */
function connect() {
  stream?.abort();
  stream = undefined;
  const wanted = visible();
  if (wanted.length === 0 || document.hidden) {
    return;
  }
  const own = (stream = new AbortController());
  for (const camera of wanted) {
    const entry = tiles.get(camera);
    entry.player?.close();
    entry.tile.begin();
    entry.player = new Player(
      (message, source) => entry.tile.add(message, source),
      (reason) => cannot(camera, reason));
  }
  read(address(wanted, wanted.filter((camera) => jpeg.has(camera))), own.signal);
}

async function read(url, signal) {
  try {
    for await (const message of messages(url, signal)) {
      take(message);
    }
  } catch (error) {
    if (!signal.aborted) {
      notice(`the stream broke off: ${error.message}`);
    }
  }
  if (!signal.aborted) {
    setTimeout(() => signal.aborted || connect(), AGAIN_MS);
  }
}

function take(message) {
  const { header } = message;
  if (header.kind === 'state') {
    lost = header.dropped;
    notice(header.trouble || fallback());
  } else {
    message.received = Date.now();
    tiles.get(header.camera_id)?.player.add(message);
  }
}

/** A camera that the browser cannot decode comes as JPEGs from then on. */
function cannot(camera, reason) {
  if (jpeg.has(camera)) {
    return; // not even those: its tile says that no picture comes
  }
  jpeg.add(camera);
  console.info(`camera ${camera} comes as JPEG: ${reason || 'no WebCodecs'}`);
  clearTimeout(cannot.timer);
  cannot.timer = setTimeout(connect, 50);
}

function fallback() {
  if (jpeg.size === 0) {
    return '';
  }
  const why = webCodecs ? 'this browser cannot decode them'
    : isSecureContext ? 'this browser has no WebCodecs'
      : 'browsers decode video on https:// and localhost only';
  return `Pictures of ${[...jpeg].join(', ')} come as JPEGs, which costs the server more: ${why}.`;
}

function notice(text) {
  element('notice').textContent = text;
  element('notice').hidden = !text;
}

/** Brings page and tiles in line with what is to be shown. */
function apply() {
  for (const [id, on] of Object.entries({
    masks: look.masks, outline: look.outline, split: look.split, safe: look.colorBlind, freeze: look.frozen,
  })) {
    element(id).setAttribute('aria-pressed', on);
  }
  element('grid').classList.toggle('outline', look.outline);
  element('grid').classList.toggle('unmasked', !look.masks);
  element('grid').style.setProperty('--opacity', element('opacity').value / 100);
  for (const { tile } of tiles.values()) {
    tile.freeze(look.frozen);
    tile.repaint();
    tile.drawChart();
  }
  list();
  localStorage.setItem('maskstream', JSON.stringify({
    outline: look.outline, split: look.split, colorBlind: look.colorBlind,
    opacity: element('opacity').value, theme: document.documentElement.dataset.theme,
  }));
}

/** The classes of all tiles with their mean area. */
function list() {
  const found = new Map();
  for (const { tile } of tiles.values()) {
    for (const [id, name] of tile.names) {
      found.set(id, { name, share: 0, color: palette.color(tile.palette, id, look.colorBlind) });
    }
  }
  for (const { tile } of tiles.values()) {
    for (const area of tile.shown?.header.classes ?? []) {
      found.get(area.class_id).share += area.area_fraction / tiles.size;
    }
  }
  const rows = element('classes');
  const ids = [...found.keys()].sort((one, other) => one - other);
  for (const row of [...rows.children]) {
    if (!found.has(Number(row.dataset.id))) {
      row.remove();
    }
  }
  ids.forEach((id, place) => {
    let row = [...rows.children].find((each) => each.dataset.id === String(id));
    if (!row) {
      row = classRow(id);
      rows.insertBefore(row, rows.children[place] ?? null);
    }
    const { name, share, color } = found.get(id);
    row.querySelector('.name').textContent = name;
    row.querySelector('.share').textContent = `${(share * 100).toFixed(1)} %`;
    row.querySelector('i').style.background = `#${color}`;
    row.firstElementChild.setAttribute('aria-pressed', !look.hidden.has(id));
  });
}

function classRow(id) {
  const row = document.createElement('li');
  const button = document.createElement('button');
  const parts = ['i', 'span', 'span'].map((name) => document.createElement(name));
  parts[1].className = 'name';
  parts[2].className = 'share';
  button.append(...parts);
  button.addEventListener('click', () => {
    look.hidden.has(id) ? look.hidden.delete(id) : look.hidden.add(id);
    apply();
  });
  button.addEventListener('dblclick', () => {
    const others = [...element('classes').children].map((each) => Number(each.dataset.id)).filter((each) => each !== id);
    const single = !look.hidden.has(id) && others.every((each) => look.hidden.has(each));
    look.hidden = new Set(single ? [] : others);
    apply();
  });
  row.dataset.id = id;
  row.append(button);
  return row;
}

function toggle(name) {
  look[name] = !look[name];
  apply();
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  apply();
}

function opacity(by) {
  element('opacity').value = Number(element('opacity').value) + by;
  apply();
}

const KEYS = {
  ' ': () => toggle('frozen'), m: () => toggle('masks'), o: () => toggle('outline'), s: () => toggle('split'),
  c: () => toggle('colorBlind'), d: theme, '+': () => opacity(5), '-': () => opacity(-5),
  '?': () => element('keys').showModal(), Escape: () => choose(undefined),
  PageUp: () => turn(-1), PageDown: () => turn(1),
};

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || element('keys').open) {
    return;
  }
  const pressed = event.target.closest('button') && event.key === ' ';
  const key = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  const camera = visible()[Number(event.key) - 1];
  if (pressed) {
    return;
  }
  if (key) {
    event.preventDefault();
    key();
  } else if (/^[1-9]$/.test(event.key)) {
    choose(alone ? undefined : camera);
  } else if (event.key === 'Enter' && event.target.matches('.tile')) {
    event.target.click();
  }
});

for (const [id, name] of Object.entries({
  masks: 'masks', outline: 'outline', split: 'split', safe: 'colorBlind', freeze: 'frozen',
})) {
  element(id).addEventListener('click', () => toggle(name));
}
element('theme').addEventListener('click', theme);
element('help').addEventListener('click', KEYS['?']);
element('opacity').addEventListener('input', apply);
element('previous').addEventListener('click', () => turn(-1));
element('next').addEventListener('click', () => turn(1));
addEventListener('resize', arrange);

// A page that nobody sees reads nothing after a while.
document.addEventListener('visibilitychange', () => {
  clearTimeout(connect.away);
  if (!document.hidden) {
    if (!stream) {
      connect();
    }
  } else {
    connect.away = setTimeout(connect, AWAY_MS);
  }
});

async function refresh() {
  try {
    const answer = await fetch('/api/v1/cameras', { cache: 'no-store' });
    if (!answer.ok) {
      throw new Error((await answer.text()).trim());
    }
    const found = (await answer.json()).map((each) => each.camera_id);
    if (found.join('\n') !== cameras.join('\n')) {
      cameras = found;
      show();
    }
    if (cameras.length === 0) {
      notice('No cameras yet: publish one with `maskstream camera publish`.');
    }
  } catch (error) {
    notice(`the list of cameras cannot be read: ${error.message}`);
  }
  setTimeout(refresh, cameras.length === 0 ? AGAIN_MS : LIST_MS);
}

let ticked = performance.now();
function second() {
  const now = performance.now();
  for (const { tile } of tiles.values()) {
    tile.second(now - ticked);
  }
  ticked = now;
  const fps = [...tiles.values()].reduce((sum, { tile }) => sum + tile.fps, 0);
  element('summary').textContent = `${tiles.size} of ${cameras.length} cameras, ${fps.toFixed(0)} pictures/s`
    + (lost ? `, ${lost} dropped because this page was slow` : '') + (look.frozen ? ', frozen' : '');
  list();
}

function paint(now) {
  for (const { tile } of tiles.values()) {
    tile.tick(now);
  }
  requestAnimationFrame(paint);
}

if (kept.theme) {
  document.documentElement.dataset.theme = kept.theme;
}
element('opacity').value = kept.opacity ?? 55;
setInterval(second, 1000);
requestAnimationFrame(paint);
refresh();
