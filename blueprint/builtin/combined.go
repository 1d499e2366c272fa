package builtin

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parseCombined reads the common log format (CLF) and the combined one:
//
//	remote ident user [time] "request" status bytes
//	remote ident user [time] "request" status bytes "referer" "agent"
//
// and a number of seconds behind the latter, which many configurations add. Source: Apache HTTP Server 2.4, module
// mod_log_config; NGINX, module ngx_http_log_module. It looks at each byte a fixed number of times.
func parseCombined(line string) (map[string]any, error) {
	s := &logScanner{line: line}
	remote := s.word("the client's address")
	s.word("the identity, usually -")
	user := s.user()
	when := s.time()
	request := s.quoted("the request")
	status := s.status()
	size := s.size()
	var referer, agent any = "", ""
	if !s.done() {
		referer, agent = dash(s.quoted("the referer")), dash(s.quoted("the agent"))
	}
	seconds, timed := s.seconds()
	if s.err != nil {
		return nil, s.err
	}
	fields := make(map[string]any, 12)
	method, path, protocol := splitRequest(request)
	query := ""
	if method != "" {
		path, query, _ = strings.Cut(path, "?")
	}
	fields["remote"], fields["user"], fields["time"] = remote, dash(user), when
	fields["method"], fields["path"], fields["query"], fields["protocol"] = common(method), path, query, common(protocol)
	fields["status"], fields["bytes"] = status, size
	fields["referer"], fields["agent"] = referer, agent
	if timed {
		fields["request_time"] = seconds
	}
	return fields, nil
}

// splitRequest cuts "GET /path HTTP/1.1" or HTTP/0.9's "GET /path". Anything else is no request line and all path.
func splitRequest(request string) (method, path, protocol string) {
	method, rest, ok := strings.Cut(request, " ")
	if !ok || !isToken(method) {
		return "", request, ""
	}
	end := strings.LastIndexByte(rest, ' ')
	if end < 0 {
		return method, rest, ""
	}
	if path, protocol = rest[:end], rest[end+1:]; strings.HasPrefix(protocol, "HTTP/") {
		return method, path, protocol
	}
	return "", request, ""
}

// isToken says that a word is of capital letters, as every method in use is.
func isToken(word string) bool {
	for i := range len(word) {
		if c := word[i]; (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return word != ""
}

// dash gives empty text for the log's sign for nothing.
func dash(text string) any {
	if text == "-" || text == "" {
		return ""
	}
	return text
}

// common boxes a word; the ones nearly every line has cost no allocation, since they are constants.
func common(word string) any {
	switch word {
	case "GET":
		return "GET"
	case "POST":
		return "POST"
	case "HEAD":
		return "HEAD"
	case "HTTP/1.1":
		return "HTTP/1.1"
	case "HTTP/1.0":
		return "HTTP/1.0"
	case "HTTP/2.0":
		return "HTTP/2.0"
	}
	return word
}

// logScanner reads a log line from the left. After the first mistake it stands still.
type logScanner struct {
	line string
	at   int
	err  error
}

func (s *logScanner) fail(want string) {
	if s.err != nil {
		return
	}
	found := "the end of the line"
	if s.at < len(s.line) {
		found = excerpt(s.line[s.at:])
	}
	s.err = fmt.Errorf("column %d: expected %s, found %s", s.at+1, want, found)
}

func (s *logScanner) done() bool { return s.err != nil || s.at == len(s.line) }

// word reads up to a blank, and the blank.
func (s *logScanner) word(want string) string {
	if s.err != nil {
		return ""
	}
	n := strings.IndexByte(s.line[s.at:], ' ')
	if n <= 0 {
		s.fail(want + " and a blank")
		return ""
	}
	word := s.line[s.at : s.at+n]
	s.at += n + 1
	return word
}

// user reads up to the time: a user name may hold blanks.
func (s *logScanner) user() string {
	if s.err != nil {
		return ""
	}
	n := strings.Index(s.line[s.at:], " [")
	if n <= 0 {
		s.fail("the user, a blank and [")
		return ""
	}
	user := s.line[s.at : s.at+n]
	s.at += n + 1
	return user
}

// time reads [02/Jan/2006:15:04:05 -0700].
func (s *logScanner) time() string {
	const width = len("[02/Jan/2006:15:04:05 -0700]")
	if s.err != nil {
		return ""
	}
	rest := s.line[s.at:]
	if len(rest) >= width && rest[0] == '[' && rest[width-1] == ']' {
		if formatted, ok := logTime(rest[1 : width-1]); ok {
			s.at += width
			return formatted
		}
	}
	s.fail("a time such as [02/Jan/2006:15:04:05 -0700]")
	return ""
}

// quoted reads a blank and a text in quotes.
func (s *logScanner) quoted(want string) string {
	if s.err != nil {
		return ""
	}
	if !strings.HasPrefix(s.line[s.at:], ` "`) {
		s.fail("a blank and " + want + " in quotes")
		return ""
	}
	rest := s.line[s.at+2:]
	escaped := false
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			s.at += i + 3
			if escaped {
				return unescape(rest[:i])
			}
			return rest[:i]
		}
	}
	s.at = len(s.line)
	s.fail("the quote that ends " + want)
	return ""
}

// unescape undoes \" and \\ only.
func unescape(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(text)
}

// status reads a blank and three digits.
func (s *logScanner) status() int64 {
	const width = len(" 200")
	rest := s.line[s.at:]
	if s.err == nil && len(rest) >= width && rest[0] == ' ' && (len(rest) == width || rest[width] == ' ') {
		n, err := strconv.ParseUint(rest[1:width], 10, 16)
		if err == nil && n >= 100 {
			s.at += width
			return int64(n)
		}
	}
	s.fail("a blank and a status of three digits")
	return 0
}

// size reads a blank and a number of bytes, or - for none.
func (s *logScanner) size() int64 {
	if s.err != nil {
		return 0
	}
	rest := s.line[s.at:]
	word, _, _ := strings.Cut(strings.TrimPrefix(rest, " "), " ")
	n, err := strconv.ParseUint(word, 10, 63)
	if !strings.HasPrefix(rest, " ") || (err != nil && word != "-") {
		s.fail("a blank and a number of bytes or -")
		return 0
	}
	s.at += 1 + len(word)
	return int64(n)
}

// seconds reads the rest of the line: nothing, or a blank and a number.
func (s *logScanner) seconds() (float64, bool) {
	if s.done() {
		return 0, false
	}
	word, ok := strings.CutPrefix(s.line[s.at:], " ")
	f, err := strconv.ParseFloat(word, 64)
	if !ok || err != nil || f < 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		s.fail("the end of the line, or a number of seconds")
		return 0, false
	}
	return f, true
}
