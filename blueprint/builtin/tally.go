package builtin

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// errOverflow is a sum of finite numbers that no float64 holds.
var errOverflow = errors.New("the sum is too large for a number")

func wantNumber(v any) (number, error) {
	n, ok := toNumber(v)
	if !ok {
		return n, fmt.Errorf("expected a number, found %s", excerpt(v))
	}
	return n, nil
}

// countTally counts.
type countTally struct{ n int64 }

func (t *countTally) add(any) error        { t.n++; return nil }
func (t *countTally) result() (any, error) { return t.n, nil }

// sumTally adds whole numbers as such for as long as it can.
type sumTally struct {
	exact bool
	whole int64
	float float64
}

func (t *sumTally) add(v any) error {
	n, err := wantNumber(v)
	if err != nil {
		return err
	}
	t.float += n.float
	sum := t.whole + n.whole
	// An overflow has a sign that neither part has.
	if !n.isWhole || (sum^t.whole)&(sum^n.whole) < 0 {
		t.exact = false
	}
	t.whole = sum
	return nil
}

func (t *sumTally) result() (any, error) {
	if t.exact {
		return t.whole, nil
	}
	return finite(t.float)
}

// avgTally is the arithmetic mean.
type avgTally struct {
	n   int64
	sum float64
}

func (t *avgTally) add(v any) error {
	n, err := wantNumber(v)
	t.n++
	t.sum += n.float
	return err
}

func (t *avgTally) result() (any, error) {
	if t.n == 0 {
		return nil, nil
	}
	return finite(t.sum / float64(t.n))
}

func finite(f float64) (any, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, errOverflow
	}
	return f, nil
}

// edgeTally is the least (sign 1) or the most (sign -1).
type edgeTally struct {
	sign int
	edge any
}

func (t *edgeTally) add(v any) error {
	if rank(v) > 2 {
		return fmt.Errorf("expected a number or text, found %s", describe(v))
	}
	if t.edge != nil && rank(v) != rank(t.edge) {
		return fmt.Errorf("found %s beside %s; they have no order", describe(v), describe(t.edge))
	}
	if t.edge == nil || t.sign*compare(v, t.edge) < 0 {
		t.edge = v
	}
	return nil
}

func (t *edgeTally) result() (any, error) {
	if n, ok := toNumber(t.edge); ok {
		return n.value(), nil
	}
	return t.edge, nil
}

// percentileTally keeps all values.
type percentileTally struct {
	share  float64
	values []float64
}

func (t *percentileTally) add(v any) error {
	n, err := wantNumber(v)
	t.values = append(t.values, n.float)
	return err
}

func (t *percentileTally) result() (any, error) {
	if len(t.values) == 0 {
		return nil, nil
	}
	slices.Sort(t.values)
	return percentile(t.values, t.share), nil
}

// percentile interpolates between the two closest ranks of sorted values: definition 7 of Hyndman and Fan, Sample Quantiles
// in Statistical Packages, The American Statistician 50 (1996), the default of R and NumPy.
func percentile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	low := int(at)
	if low+1 == len(sorted) {
		return sorted[low]
	}
	part := at - float64(low)
	// Not low + part*(high-low): the difference of two finite numbers can be infinite.
	return (1-part)*sorted[low] + part*sorted[low+1]
}

// distinctTally counts different values.
type distinctTally struct {
	seen map[string]struct{}
	key  []byte
}

func (t *distinctTally) add(v any) error {
	key, ok := appendKey(t.key[:0], v)
	if !ok {
		return fmt.Errorf("expected text, a number, true or false, found %s", describe(v))
	}
	t.key = key
	if _, ok := t.seen[string(key)]; !ok {
		t.seen[string(key)] = struct{}{}
	}
	return nil
}

func (t *distinctTally) result() (any, error) { return int64(len(t.seen)), nil }
