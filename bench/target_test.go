package bench

import "testing"

func TestAnImprovementIsAFractionOfTheBaseline(t *testing.T) {
	t.Parallel()
	less := goal{name: "time", by: 0.20}
	if got := less.target(&Paired{Rounds: 9}, 60, 80, Interval{0.75, 0.7, 0.85}); !near(got.Improvement, 0.25) || !got.Met || !near(got.Low, 0.15) || !near(got.High, 0.3) {
		t.Errorf("a quarter less time: %+v", got)
	}
	more := goal{name: "rate", by: 0.50, more: true}
	if got := more.target(&Paired{}, 3, 2, Interval{2.0 / 3, 0.5, 0.8}); !near(got.Improvement, 0.5) || !near(got.Low, 0.25) || !near(got.High, 1) {
		t.Errorf("half as many runs more: %+v", got)
	}
	if got := less.target(&Paired{}, 90, 80, Interval{1.1, 1, 1.2}); got.Met || !near(got.Improvement, -0.1) {
		t.Errorf("a tenth more time: %+v", got)
	}
}

func TestAReportIsMetWhenEveryTargetIs(t *testing.T) {
	t.Parallel()
	if r := (&Report{Targets: []Target{{Met: true}, {Met: true}}}); !r.Met() {
		t.Error("all are met")
	}
	if r := (&Report{Targets: []Target{{Met: true}, {}}}); r.Met() {
		t.Error("one is not met")
	}
}
