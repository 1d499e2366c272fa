//go:build weirdebug

package pool_test

const debugging = true
