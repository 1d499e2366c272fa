// Package bench measures weir: the seed's targets, what each optimisation buys, and the engine beside plain Go that does the same. The
// command weir bench shows what it finds.
//
// # How it measures
//
// What is compared is run in turn, in one process, in short windows of equal work (interleaved rounds); the figures are the process's
// CPU time with the collector's included, the medians of the rounds, and the median of the ratios of each round with its 95 % interval. Neighbours
// on the machine disturb both sides of a round alike: trust ratios and allocations, not nanoseconds.
//
// The baseline of a target is the same plan compiled with every optimisation dropped (weir.Config.Without: all), the plain code that a
// good Go programmer would write first. Both give the same answers; each workload checks that.
package bench
