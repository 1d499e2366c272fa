package loop

import (
	"context"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/plan"
)

// Round is what the generator of Refine gets.
type Round[I, O any] struct {
	// Input is the loop's input, the same in every round.
	Input I
	// Feedback is what the judge said of Previous; empty in the first round.
	Feedback string
	// Previous is the draft that the judge refused; the zero value in the first round.
	Previous O
}

// Verdict is what the judge of Refine says of a draft.
type Verdict struct {
	// Done says that the draft is good enough: it is the loop's output.
	Done bool `json:"done"`
	// Feedback says what to do better; the generator gets it in the next round.
	Feedback string `json:"feedback,omitzero"`
}

// Refine lets generate make a draft and judge judge it, until the judge is content, at most max rounds. Without a content
// judge it is a failure with the code max_loops, which tells the judge's last feedback and has the last draft beside it.
// The two steps stand directly below the loop and need different names: refine[1]/write, refine[1]/review.
func Refine[I, O any](
	name string, max int, generate weir.Step[Round[I, O], O], judge weir.Step[O, Verdict], opts ...Option,
) weir.Step[I, O] {
	s := written(generate.Written(), max, opts)
	s.judge, s.judged = judge.Written(), true
	s.hooks = hooks{
		start: func(_ context.Context, _ plan.Frame, at moment) (any, error) {
			in, err := plan.As[I](at.in)
			return Round[I, O]{Input: in}, err
		},
		until: func(_ context.Context, _ plan.Frame, at moment) (bool, error) { return verdict(at).Done, nil },
		next: func(_ context.Context, _ plan.Frame, at moment) (any, error) {
			// Both fit: the first round's input was made of at.in, and the judge took the draft.
			in, _ := plan.As[I](at.in)
			draft, err := plan.As[O](at.last.(judgement).draft)
			return Round[I, O]{Input: in, Feedback: verdict(at).Feedback, Previous: draft}, err
		},
		finish: func(_ context.Context, _ plan.Frame, at moment) (any, error) { return at.last.(judgement).draft, nil },
		why:    func(at moment) string { return verdict(at).Feedback },
	}
	return weir.Make[I, O](name, s.node())
}

// judgement is what a round of Refine comes to.
type judgement struct {
	draft any
	Verdict
}

func verdict(at moment) Verdict { return at.last.(judgement).Verdict }

// judge asks the judge about a draft.
func (l *course) judge(ctx context.Context, f plan.Frame, round int, draft any) (any, error) {
	out, err := f.Do(ctx, l.judges, round, draft)
	if err != nil {
		return nil, err
	}
	v, err := plan.As[Verdict](out)
	if err != nil {
		return nil, err
	}
	return judgement{draft, v}, nil
}
