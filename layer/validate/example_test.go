package validate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/weirflow/weir"
	"github.com/weirflow/weir/layer/validate"
)

func ExampleWith() {
	hasTitle := func(text string) error {
		if !strings.HasPrefix(text, "# ") {
			return errors.New("the first line is no heading")
		}
		return nil
	}
	write := weir.Func("write", func(_ context.Context, topic string) (string, error) {
		return "All about " + topic, nil
	}).With(validate.With("has a title", hasTitle))

	_, err := weir.Do(context.Background(), write, "dams")
	fmt.Println(err)
	fmt.Println(errors.Is(err, weir.ErrValidation))
	// Output:
	// weir: write (func): validation failed: has a title: the first line is no heading
	// true
}
