package retry

import (
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
)

func TestExplainSaysWhenTheStepIsTriedAgain(t *testing.T) {
	t.Parallel()
	second := Backoff(time.Second, 2, time.Minute)
	for want, l := range map[string]plan.Layer{
		"tries once":                                 UpTo(1, second),
		"tries up to 3 times, at once":               UpTo(3),
		"tries up to 2 times, waiting 1 s":           UpTo(2, second),
		"tries up to 3 times, waiting 1 s, then 2 s": UpTo(3, second),
		"tries up to 9 times, waiting 1 s, then 2 s, then 4 s and so on up to 1 min":                              UpTo(9, second),
		"tries up to 9 times, waiting 1 s":                                                                        UpTo(9, Backoff(time.Second, 1, time.Minute)),
		"tries up to 4 times, waiting 2 s (shortened at random by up to 50 %)":                                    UpTo(4, Backoff(2*time.Second, 3, 2*time.Second), Jitter(.5)),
		"tries up to 3 times, waiting 1 s, then 2 s after rate limits and overload, at once after other failures": UpTo(3, BackoffOn(plan.ClassRateLimit, plan.ClassOverload)),
		"tries up to 2 times, again only after timeouts, at once":                                                 UpTo(2, On(plan.ClassTimeout)),
		"tries up to 2 times, when a Go function finds the failure worth it, at once":                             UpTo(2, When(func(error) bool { return true })),
	} {
		if got := l.(plan.Explainer).Explain(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
