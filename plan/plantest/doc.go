// Package plantest holds the suites for what extends a plan, run on a real engine: Layer for layers, Pass for passes. Package
// layer/layertest tests layers by themselves; step/steptest is the suite for kinds.
package plantest
