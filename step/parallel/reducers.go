package parallel

import (
	"maps"
	"reflect"
	"strings"

	"github.com/weirflow/weir/plan"
)

// ready gives the reducer of a word, nil for one that is none.
func ready(word string) reducer {
	switch word {
	case reduceKeys:
		return theKeys
	case reduceValues:
		return theValues
	case reduceFirst:
		return func(won []success) (verdict, error) { return pick(won[0]) }
	case reduceLast:
		return func(won []success) (verdict, error) { return pick(won[len(won)-1]) }
	case reduceUnion:
		return union
	case reduceConcat:
		return concat
	case reduceMajority:
		return majority
	case reduceCode:
		return sameCode
	}
	return nil
}

func pick(w success) (verdict, error) { return verdict{out: w.out, selected: w.name}, nil }

// theKeys gives the branches' names, theValues their outputs.
func theKeys(won []success) (verdict, error) {
	names := make([]any, len(won))
	for i, w := range won {
		names[i] = w.name
	}
	return verdict{out: names}, nil
}

func theValues(won []success) (verdict, error) {
	values := make([]any, len(won))
	for i, w := range won {
		values[i] = w.out
	}
	return verdict{out: values}, nil
}

// union joins maps with text keys; of two values for a key the later one stays. A branch that gave nothing adds nothing.
func union(won []success) (verdict, error) {
	all := map[string]any{}
	for _, w := range won {
		if m, ok := w.out.(map[string]any); ok {
			maps.Copy(all, m)
			continue
		}
		if w.out == nil {
			continue
		}
		m := reflect.ValueOf(w.out)
		if m.Kind() != reflect.Map || m.Type().Key().Kind() != reflect.String {
			return verdict{}, unfit(reduceUnion, "a map with text keys", w)
		}
		for entry := m.MapRange(); entry.Next(); {
			all[entry.Key().String()] = entry.Value().Interface()
		}
	}
	return verdict{out: all}, nil
}

// concat joins lists. A branch that gave nothing adds nothing.
func concat(won []success) (verdict, error) {
	all := []any{}
	for _, w := range won {
		if list, ok := w.out.([]any); ok {
			all = append(all, list...)
			continue
		}
		if w.out == nil {
			continue
		}
		list := reflect.ValueOf(w.out)
		if k := list.Kind(); k != reflect.Slice && k != reflect.Array || list.Type().Elem().Kind() == reflect.Uint8 {
			return verdict{}, unfit(reduceConcat, "a list", w)
		}
		for i := range list.Len() {
			all = append(all, list.Index(i).Interface())
		}
	}
	return verdict{out: all}, nil
}

func unfit(word, want string, w success) error {
	return plan.Errorf(plan.CodeType, "reduce: %s needs %s from each branch, but branch %q gave %s", word, want, w.name, plan.Describe(w.out))
}

// majority gives the output that most branches gave.
func majority(won []success) (verdict, error) {
	return vote(reduceMajority, won, func(out any) any { return out })
}

// sameCode is majority over the code in texts: white space round it, and the fences and the words that models put round
// code, make no difference. Outputs that are not all text are compared as they are.
func sameCode(won []success) (verdict, error) {
	for _, w := range won {
		if _, ok := w.out.(string); !ok && w.out != nil {
			return majority(won)
		}
	}
	return vote(reduceCode, won, func(out any) any { return codeOf(out.(string)) })
}

// vote gives the output whose ballot most branches cast; of those with equally many, the one that was declared first. A
// branch that gave nothing casts none.
func vote(strategy string, won []success, ballot func(any) any) (verdict, error) {
	type option struct {
		ballot any
		first  success
		votes  int
	}
	var options []option
	best, total := 0, 0
	for _, w := range won {
		if w.out == nil {
			continue
		}
		total++
		b, at := ballot(w.out), 0
		for at < len(options) && !reflect.DeepEqual(options[at].ballot, b) {
			at++
		}
		if at == len(options) {
			options = append(options, option{ballot: b, first: w})
		}
		options[at].votes++
	}
	if total == 0 {
		return verdict{}, plan.Errorf(plan.CodeEmpty, "consensus_empty: no branch gave an answer that could be counted")
	}
	for i, o := range options {
		if o.votes > options[best].votes {
			best = i
		}
	}
	winner := options[best]
	return verdict{
		out: winner.first.out, selected: winner.first.name,
		consensus: &Consensus{Strategy: strategy, Votes: winner.votes, Total: total},
	}, nil
}

// codeOf gives the code in a text: what stands in its first fence, or the whole text where it has none, without white space at
// the ends of it and of its lines.
func codeOf(text string) string {
	const fence = "```"
	if _, after, ok := strings.Cut(text, fence); ok {
		if _, body, ok := strings.Cut(after, "\n"); ok { // past the name of the language
			text, _, _ = strings.Cut(body, fence)
		}
	}
	lines := strings.Split(strings.Trim(text, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// spoken are the names that a judge may have meant, the likeliest first.
func spoken(answer any) []string {
	text, ok := plainly(answer).(string)
	if !ok {
		return nil
	}
	return []string{text, strings.TrimSpace(text), strings.Trim(text, " \t\r\n\"'`.")}
}

// plainly takes a name out of {branch: name}.
func plainly(answer any) any {
	if m, ok := answer.(map[string]any); ok && m["branch"] != nil {
		return m["branch"]
	}
	return answer
}
