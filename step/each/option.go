package each

import "github.com/weirflow/weir/state"

// Option sets something of a map step. Wrong values are mistakes that Compile reports.
type Option func(*Spec)

// Width lets n items run at the same time. 0 and 1: one after the other, in order.
func Width(n int) Option { return func(s *Spec) { s.Width = n } }

// Merge says what becomes of the changes that the items made to the run's state. Default: state.ContextUpdate.
func Merge(how state.Strategy) Option { return func(s *Spec) { s.Merge = how.String() } }
