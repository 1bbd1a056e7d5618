#!/usr/bin/env node
// The command itself is compiled; this file keeps its place and its executable bit through every build.
import '../dist/src/cli/main.js';
