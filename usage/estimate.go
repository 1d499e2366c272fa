package usage

import (
	"strings"

	"github.com/weirflow/weir/plan"
)

// Estimator says what a step that asks a model is expected to use, so that this much can be set aside before it begins. It is
// safe for use by several goroutines and must not block.
type Estimator interface {
	// Estimate gives what one attempt of the step is expected to use. Nothing is a good answer: then only the call itself
	// is set aside.
	Estimate(c Call) Usage
}

// Call is an attempt that is about to be made.
type Call struct {
	// Site is the step's place in the plan; read only.
	Site *plan.Site
	// In is the step's input; read only.
	In any
}

// Model is the model that the step asks, as provider:name, or as the step calls it; empty where it is not known.
func (c Call) Model() string {
	if c.Site == nil {
		return ""
	}
	return c.Site.Analysis.ModelName
}

// Estimates is an Estimator that goes by the model alone. Keys are spelled as those of Prices, and the same one is picked.
// Models that are not there are expected to use nothing. It is read only while plans use it.
type Estimates map[string]Usage

var _ Estimator = Estimates(nil)

// Estimate gives what is written for the call's model.
func (e Estimates) Estimate(c Call) Usage {
	provider, name, ok := strings.Cut(c.Model(), ":")
	if !ok {
		provider, name = "", provider
	}
	u, _ := longest(e, provider, name)
	return u
}

// DefaultEstimates are bounds by the class of the model: ten cents and 500 tokens for the gpt-4 and o4 class, two cents and 300
// tokens for the gpt-3.5 class (spec/core.md §7.5). Nothing uses them unless they are given to weir.Config.Estimator. The
// map is made anew for each call and belongs to the caller.
func DefaultEstimates() Estimates {
	const cent = dollar / 100
	large := Usage{Requests: 1, OutputTokens: 500, Cost: 10 * cent}
	return Estimates{"gpt-4*": large, "o4*": large, "gpt-3.5*": {Requests: 1, OutputTokens: 300, Cost: 2 * cent}}
}

// Denied is what a step whose reservation was refused notes as its exit_reason.
const Denied = "quota_reservation_denied"
