package expr

import (
	"errors"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

func TestASmallValueThatIsHugeWrittenOutIsRefused(t *testing.T) {
	t.Parallel()
	var v ref.Val = types.Int(1)
	for range 40 {
		v = types.NewRefValList(adapter{}, []ref.Val{v, v})
	}
	if _, err := native(v); !errors.Is(err, errTooMany) {
		t.Errorf("got %v", err)
	}
}

func TestADeepValueIsRefused(t *testing.T) {
	t.Parallel()
	var v ref.Val = types.Int(1)
	for range depthLimit + 2 {
		v = types.NewRefValList(adapter{}, []ref.Val{v})
	}
	if _, err := native(v); !errors.Is(err, errTooMany) {
		t.Errorf("got %v", err)
	}
}
