package expr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"

	"github.com/weirflow/weir/blueprint/internal/nearest"
)

// The sentences of CEL's parser and checker that are put into plainer words.
var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '(.*)'$`)
	lacking    = regexp.MustCompile(`^Syntax error: missing '(.*?)' at '(.*)'$`)
	unexpected = regexp.MustCompile(`(?s)^Syntax error: .*?(?:input|recognition error at:) '(.*?)'(?: expecting .*)?$`)
)

// explain turns what CEL found into errors in plain words. Of syntax errors only the first is told: the rest follow from it.
func explain(source string, issues *cel.Issues, scope Scope) []*Error {
	found := issues.Errors()
	text := []rune(source)
	syntax := len(found) > 0 && isSyntax(found[0])
	if at, word, hint, ok := foreign(source, syntax); ok {
		return []*Error{errorAt(at, hint, "%q is not CEL", word)}
	}
	unknown := slices.ContainsFunc(found, isUnknown)
	var errs []*Error
	for _, f := range found {
		if unknown && !isUnknown(f) {
			continue // what an unknown name does not go with follows from it
		}
		errs = append(errs, plain(text, f, scope))
		if syntax || len(errs) == maxErrors {
			break
		}
	}
	return errs
}

func isUnknown(e *common.Error) bool { return undeclared.MatchString(e.Message) }

func isSyntax(e *common.Error) bool { return strings.HasPrefix(e.Message, "Syntax error") }

// plain puts one message into plainer words.
func plain(source []rune, e *common.Error, scope Scope) *Error {
	at := offsetOf(source, e.Location.Line(), e.Location.Column())
	if m := undeclared.FindStringSubmatch(e.Message); m != nil {
		return unknownName(source, at, m[1], scope)
	}
	if m := overload.FindStringSubmatch(e.Message); m != nil {
		op := strings.Trim(m[1], "_@")
		return errorAt(at, "turn one into the other's type: int(x), double(x), string(x)", "%s does not take %s", op, m[2])
	}
	if m := lacking.FindStringSubmatch(e.Message); m != nil {
		return errorAt(at, "", "missing %s", m[1])
	}
	if m := unexpected.FindStringSubmatch(e.Message); m != nil {
		if m[1] == "<EOF>" {
			return errorAt(at, "", "the expression ends too early")
		}
		return errorAt(at, "", "unexpected %q", strings.TrimSpace(m[1]))
	}
	return errorAt(at, "", "%s", strings.TrimPrefix(e.Message, "Syntax error: "))
}

// unknownName says that a name or function is not known.
func unknownName(source []rune, at int, name string, scope Scope) *Error {
	if at < len(source) && source[at] == '(' { // CEL points at a call's parenthesis
		at = max(0, at-len([]rune(name)))
		hint := "there are " + strings.Join(functionNames(), ", ")
		if near, ok := nearest.Name(name, functionNames()); ok {
			hint = "did you mean " + near + "?"
		}
		return errorAt(at, hint, "unknown function %q", name)
	}
	if before, ok := dashed(string(source[:min(at, len(source))]), scope); ok {
		return errorAt(at, fmt.Sprintf("a name with a dash is written steps[%q]", before), "unknown name %q", name)
	}
	hint := "expressions know " + strings.Join(names[:], ", ")
	if near, ok := nearest.Name(name, names[:]); ok {
		hint = "did you mean " + near + "?"
	}
	return errorAt(at, hint, "unknown name %q", name)
}

// dashed says whether what stands before a name is a step's name cut at a dash, as in steps.fetch-logs, and gives the
// step's name.
func dashed(before string, scope Scope) (string, bool) {
	i := strings.LastIndex(before, VarSteps+".")
	if scope.Steps == nil || i < 0 {
		return "", false
	}
	cut := before[i+len(VarSteps)+1:]
	for _, name := range scope.Steps.Names() {
		if strings.HasSuffix(cut, "-") && strings.HasPrefix(name, cut) {
			return name, true
		}
	}
	return "", false
}

// foreignWords are words of other languages, with CEL's spelling.
var foreignWords = map[string]string{
	"and": "write && for and", "or": "write || for or", "not": "write ! for not, as in !(x in y)",
	"True": "write true", "False": "write false", "None": "write null", "nil": "write null",
	"if": "write condition ? a : b", "elif": "write condition ? a : b", "else": "write condition ? a : b",
	"is": "write ==",
}

// foreign finds the first word or sign of another language outside quotes. Only an expression that did not compile is
// looked at; a lone | or = is foreign only where the syntax is wrong.
func foreign(source string, syntax bool) (at int, word, hint string, found bool) {
	text := []rune(source)
	for i := 0; i < len(text); {
		switch r := text[i]; {
		case r == '"' || r == '\'':
			i = skipQuoted(text, i)
		case r == '.': // a field may have any name
			for i++; i < len(text) && isWord(text[i]); i++ {
			}
		case isWord(r):
			end := i
			for end < len(text) && isWord(text[end]) {
				end++
			}
			word := string(text[i:end])
			if hint, ok := foreignWords[word]; ok {
				return i, word, hint, true
			}
			i = end
		case syntax && r == '|' && !doubled(text, i):
			return i, "|", filterHint(string(text[i+1:])), true
		case syntax && r == '=' && lone(text, i):
			return i, "=", "write == to compare", true
		default:
			i++
			if doubled(text, i-1) {
				i++
			}
		}
	}
	return 0, "", "", false
}

// filterHint shows the function that stands for a filter.
func filterHint(after string) string {
	name := strings.TrimSpace(after)
	if i := strings.IndexFunc(name, func(r rune) bool { return !isWord(r) }); i >= 0 {
		name = name[:i]
	}
	if near, ok := nearest.Name(name, functionNames()); ok {
		name = near
	} else {
		name = "upper"
	}
	return "filters are functions here: write " + name + "(x)"
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func doubled(text []rune, i int) bool { return i+1 < len(text) && text[i] == text[i+1] }

// lone says that the = at i is not part of ==, !=, <= or >=.
func lone(text []rune, i int) bool {
	return !doubled(text, i) && (i == 0 || !strings.ContainsRune("=!<>", text[i-1]))
}

// skipQuoted gives the position after the quoted text that begins at i.
func skipQuoted(text []rune, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		}
	}
	return len(text)
}
