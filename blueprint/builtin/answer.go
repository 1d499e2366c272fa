package builtin

import (
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/weirflow/weir/plan"
)

// output reads the answer.
func (r *requester) output(what string, res *http.Response, body []byte) (any, error) {
	headers := make(map[string]any, len(res.Header))
	for name, values := range res.Header {
		headers[strings.ToLower(name)] = strings.ToValidUTF8(values[0], "\ufffd")
	}
	out := map[string]any{"status": int64(res.StatusCode), "headers": headers}
	var err error
	out["body"], err = r.readBody(res.Header.Get("Content-Type"), body)
	if err != nil {
		return nil, plan.Errorf(plan.CodeInput, "http: %s: the answer: %w", what, err)
	}
	return out, nil
}

// readBody makes a value of the bytes. An answer of nothing is empty text, unless JSON is expected, whatever its type says:
// to HEAD, and with 204, there is no body.
func (r *requester) readBody(contentType string, body []byte) (any, error) {
	asJSON := r.expect == "json" || r.expect == "auto" && isJSONType(contentType) && len(body) > 0
	if asJSON {
		return decodeJSON(string(body))
	}
	if !utf8.Valid(body) {
		return nil, errNotText
	}
	return string(body), nil
}

// isJSONType knows application/json and the +json types of RFC 6839.
func isJSONType(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// validHeader says that a name is a token (RFC 9110, section 5.6.2) and that a value cannot end its line.
func validHeader(name, value string) bool {
	if name == "" || strings.EqualFold(name, "Host") {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return !strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f })
}
