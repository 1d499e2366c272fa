package builtin

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/weirflow/weir/plan"
)

// private lets http reach the servers of these tests.
var private = Env{AllowPrivate: true}

// serve starts a server for the test.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestHTTP_SendsWhatItIsToldAndReadsTheAnswer(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		w.Header().Set("X-Got", r.Method+" "+r.URL.String()+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("X-Key")+" "+string(body))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"n":1,"list":[true]}`)
	})
	h := &HTTP{
		Method: "POST", URL: constant(url + "/a?b=c"), Headers: constant(object{"X-Key": int64(7)}), Body: constant(object{"x": "y"}),
	}
	out, err := build(t, h, private)(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := out.(object)
	same(t, answer["status"], int64(201))
	same(t, answer["body"], object{"n": int64(1), "list": []any{true}})
	same(t, answer["headers"].(object)["x-got"], `POST /a?b=c application/json 7 {"x":"y"}`)
}

func TestHTTP_ExpectDecidesHowTheAnswerIsRead(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = io.WriteString(w, r.URL.Query().Get("body"))
	})
	for _, c := range []struct {
		expect, query string
		want          any
	}{
		{"", "type=text/plain&body=[1]", "[1]"},
		{"", "type=application/json&body=[1]", []any{int64(1)}},
		{"", "type=application/json&body=", ""},
		{"text", "type=application/json&body=[1]", "[1]"},
		{"json", "type=text/plain&body=[1]", []any{int64(1)}},
	} {
		out, err := build(t, &HTTP{URL: constant(url + "?" + c.query), Expect: c.expect}, private)(t.Context(), nil)
		if err != nil {
			t.Fatalf("%s %s: %v", c.expect, c.query, err)
		}
		same(t, out.(object)["body"], c.want)
	}
	refused(t, &HTTP{URL: constant(url + "?body=x"), Expect: "json"}, private, nil, plan.CodeInput, "the answer: not JSON")
	refused(t, &HTTP{URL: constant(url + "?body="), Expect: "json"}, private, nil, plan.CodeInput, "found nothing")
	refused(t, &HTTP{URL: constant(url + "?body=%ff")}, private, nil, plan.CodeInput, "neither UTF-8 text nor JSON")
	refused(t, &HTTP{URL: constant(url + "?body=" + strings.Repeat("[", 101)), Expect: "json"}, private, nil, plan.CodeInput, "deeper than 100")
}

func TestHTTP_StatusesHaveClasses(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		var status int
		for _, c := range r.URL.Path[1:] {
			status = 10*status + int(c-'0')
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "the key hunter2 is wrong")
	})
	for path, class := range map[string]plan.Class{
		"304": plan.ClassBadRequest, "400": plan.ClassBadRequest, "404": plan.ClassBadRequest, "401": plan.ClassAuth, "403": plan.ClassAuth,
		"408": plan.ClassTimeout, "429": plan.ClassRateLimit, "500": plan.ClassOverload, "503": plan.ClassOverload,
	} {
		_, err := build(t, &HTTP{URL: constant(url + "/" + path)}, private)(t.Context(), nil)
		failure, ok := errors.AsType[*HTTPError](err)
		if !ok {
			t.Fatalf("%s: %v is not an HTTPError", path, err)
		}
		if plan.ClassOf(err) != class || plan.RetryAfter(err) != 7*time.Second || !strings.Contains(err.Error(), path+" "+http.StatusText(failure.Status)) {
			t.Errorf("%s: class %q, after %s: %v", path, plan.ClassOf(err), plan.RetryAfter(err), err)
		}
		if path != "304" && string(failure.Body) != "the key hunter2 is wrong" {
			t.Errorf("%s: body %q", path, failure.Body)
		}
	}
}

func TestHTTP_RetryAfterIsReadAndBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 3, 14, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "3": 3 * time.Second, "-3": 0, "soon": 0, "99999999999": maxWait, "Fri, 14 Mar 2025 09:00:30 GMT": 30 * time.Second,
		"Fri, 14 Mar 2025 08:00:00 GMT": 0, "Fri, 14 Mar 2035 08:00:00 GMT": maxWait,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestHTTP_ErrorsShowNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/echo/" + secret:
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, r.Header.Get("Authorization"))
		case "/to":
			w.Header().Set("Location", "ftp://"+secret+".example/")
			w.WriteHeader(http.StatusFound)
		case "/bad":
			w.Header().Set("Location", "http://["+secret)
			w.WriteHeader(http.StatusFound)
		case "/raw":
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, secret+" is no status line\r\n\r\n")
				_ = conn.Close()
			}
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, secret)
		case "/json":
			_, _ = io.WriteString(w, secret)
		}
	})
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	withUser := strings.Replace(url, "http://", "http://user:"+secret+"@", 1)
	for _, u := range []string{
		withUser + "/echo/" + secret + "?key=" + secret, url + "/to", url + "/bad", url + "/raw?" + secret, url + "/cut", url + "/json",
		closed.URL + "/" + secret, "http://user:" + secret + "@/", "http://[" + secret, "ftp://" + secret + "@example.com/", "http://a b/" + secret,
	} {
		h := &HTTP{URL: constant(u), Headers: constant(object{"Authorization": "Bearer " + secret}), Expect: "json"}
		out, err := build(t, h, private)(t.Context(), nil)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v, %v", out, err)
		}
	}
	bad := &HTTP{URL: constant(url), Headers: constant(object{"X-Key": secret + "\r\nX: y"})}
	_, err := build(t, bad, private)(t.Context(), nil)
	if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), `http: headers: "X-Key"`) {
		t.Errorf("got %v", err)
	}
}

func TestHTTP_RefusesAddressesThatAreNotPublic(t *testing.T) {
	t.Parallel()
	asked := false
	url := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	port := url[strings.LastIndex(url, ":"):]
	for _, u := range []string{url, "http://localhost" + port, "http://[::1]" + port, "http://0.0.0.0" + port, "http://[::ffff:127.0.0.1]" + port, "http://169.254.169.254/"} {
		_, err := build(t, &HTTP{URL: constant(u)}, Env{})(t.Context(), nil)
		if err == nil || plan.ClassOf(err) != plan.ClassBadRequest || !plan.Permanent(err) || !strings.Contains(err.Error(), "is not a public address; the runner must allow") {
			t.Errorf("%s: class %q, permanent %v: %v", u, plan.ClassOf(err), plan.Permanent(err), err)
		}
	}
	if asked {
		t.Error("a request arrived")
	}
}

func TestHTTP_IsPublic(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101", "::ffff:1.1.1.1"} {
		if !isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
	for _, a := range []string{
		"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
		"192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
		"2002:7f00:1::", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1",
	} {
		if isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s is taken for public", a)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address at all is taken for public")
	}
	if err := onlyTo(isPublic)("tcp", "localhost:80", nil); err == nil {
		t.Error("a name that was not resolved is let through")
	}
}

// onlyHost lets http reach one address of the loopback block, as if it alone were public.
func onlyHost(t *testing.T, h *HTTP, host string) Call {
	t.Helper()
	r, err := h.build(Env{}, func(a netip.Addr) bool { return a == netip.MustParseAddr(host) })
	if err != nil {
		t.Fatal(err)
	}
	return r.call
}

func TestHTTP_ARedirectToARefusedAddressIsRefused(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.2:1/", http.StatusFound)
	})
	_, err := onlyHost(t, &HTTP{URL: constant(url)}, "127.0.0.1")(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "127.0.0.2 is not a public address") || !plan.Permanent(err) {
		t.Errorf("got %v", err)
	}
}

func TestHTTP_RedirectsAreBounded(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/xxxxx" {
			_, _ = io.WriteString(w, "arrived")
			return
		}
		next := r.URL.Path + "x"
		if r.URL.RawQuery != "" {
			next = "/" // one redirect before the five
		}
		http.Redirect(w, r, next, http.StatusFound)
	})
	out, err := build(t, &HTTP{URL: constant(url + "/")}, private)(t.Context(), nil)
	if err != nil {
		t.Fatalf("five redirects: %v", err)
	}
	same(t, out.(object)["body"], "arrived")
	for name, hops := range map[string]string{"six redirects": "?from=", "endless redirects": "/y"} {
		_, err = build(t, &HTTP{URL: constant(url + hops)}, private)(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), "more than 5 redirects") || !plan.Permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHTTP_AnotherHostGetsNeitherHeadersNorBody(t *testing.T) {
	t.Parallel()
	var got http.Header
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/here" {
			w.Header().Set("Location", "/kept")
		} else if r.URL.Path == "/kept" {
			_, _ = io.WriteString(w, r.Header.Get("X-Api-Key")+r.Header.Get("Referer"))
			return
		} else {
			w.Header().Set("Location", other)
		}
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	headers := constant(object{"X-Api-Key": "hunter2", "Cookie": "a=b"})
	if _, err := build(t, &HTTP{URL: constant(url + "/?key=hunter2"), Headers: headers}, private)(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got.Get("X-Api-Key") != "" || got.Get("Cookie") != "" || got.Get("Referer") != "" || got.Get("User-Agent") != "weir" {
		t.Errorf("another host got %v", got)
	}
	out, err := build(t, &HTTP{URL: constant(url + "/here"), Headers: headers}, private)(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, out.(object)["body"], "hunter2")
	_, err = build(t, &HTTP{Method: "POST", URL: constant(url), Body: constant("hunter2")}, private)(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "sends the body to another host") {
		t.Errorf("got %v", err)
	}
}

func TestHTTP_BoundsTheAnswerAfterDecompression(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Close()
	})
	h := &HTTP{URL: constant(url), MaxBytes: 1<<20 - 1}
	refused(t, h, private, nil, plan.CodeInput, "more than the 1048575 bytes of max_bytes")
	if _, err := build(t, h, private)(t.Context(), nil); !plan.Permanent(err) {
		t.Errorf("%v would be retried", err)
	}
	h.MaxBytes++
	if _, err := build(t, h, private)(t.Context(), nil); err != nil {
		t.Errorf("exactly max_bytes: %v", err)
	}
}

func TestHTTP_EndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := build(t, &HTTP{URL: constant(url), Timeout: 20 * time.Millisecond}, private)(t.Context(), nil)
	if plan.ClassOf(err) != plan.ClassTimeout || plan.CodeOf(err) != plan.CodeTimeout || !strings.Contains(err.Error(), "no whole answer within 20ms") {
		t.Errorf("class %q, code %q: %v", plan.ClassOf(err), plan.CodeOf(err), err)
	}
}

func TestHTTP_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel(gone)
		<-r.Context().Done()
	})
	if _, err := build(t, &HTTP{URL: constant(url)}, private)(ctx, nil); !errors.Is(err, gone) || plan.ClassOf(err) != plan.ClassNone {
		t.Errorf("got %v of class %q, want %v", err, plan.ClassOf(err), gone)
	}
}

func TestHTTP_NetworkFailuresHaveTheirClass(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	_, err := build(t, &HTTP{URL: constant(closed.URL)}, private)(t.Context(), nil)
	if plan.ClassOf(err) != plan.ClassNetwork || plan.Permanent(err) || !strings.Contains(err.Error(), "http: GET "+closed.URL+": dial tcp") {
		t.Errorf("class %q: %v", plan.ClassOf(err), err)
	}
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	_, err = build(t, &HTTP{URL: constant(tls.URL)}, private)(t.Context(), nil)
	if plan.ClassOf(err) != plan.ClassNetwork || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody: %v", err)
	}
}

func TestHTTP_Mistakes(t *testing.T) {
	t.Parallel()
	mistaken(t, &HTTP{Method: "get", Timeout: -1, MaxBytes: -1, Expect: "xml"}, Env{}, "method", "max_bytes", "expect", "url", "timeout")
	mistaken(t, &HTTP{URL: constant("x"), Body: constant("y"), Timeout: time.Hour}, Env{}, "body", "timeout")
}

func TestHTTP_RefusesWhatIsNoRequest(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"example.com", "file:///etc/passwd", "gopher://example.com", "http://", "://", "http://a\x00b"} {
		refused(t, &HTTP{URL: constant(u)}, private, nil, plan.CodeInput, "http: url: it is not a whole http or https URL")
	}
	url := constant("http://127.0.0.1:1/")
	refused(t, &HTTP{URL: url, Headers: constant("x")}, private, nil, plan.CodeInput, "http: headers: the value is text; it must be a map")
	for _, name := range []string{"", "a b", "a:", "é", "Host", "a\r\nb"} {
		refused(t, &HTTP{URL: url, Headers: constant(object{name: "x"})}, private, nil, plan.CodeInput, "http: headers:", "is not a header")
	}
	refused(t, &HTTP{URL: url, Method: "POST", Body: constant(func() {})}, private, nil, plan.CodeInput, "http: body: it cannot be written as JSON")
}

func TestHTTP_HeadersStayWithTheHostUnlessEncryptionIsLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		kept     bool
	}{
		{"http://a.example/x", "http://a.example/y", true},
		{"http://a.example/", "https://a.example/", true},
		{"https://a.example/", "http://a.example/", false},
		{"https://a.example/", "https://b.a.example/", false},
		{"https://a.example/", "https://a.example:8443/", false},
	} {
		first, next := httptest.NewRequest("GET", c.from, nil), httptest.NewRequest("GET", c.to, nil)
		next.Body = nil // as a client has it; NewRequest makes what a server would see
		next.Header.Set("X-Api-Key", "hunter2")
		if err := new(requester).redirect(next, []*http.Request{first}); err != nil {
			t.Fatal(err)
		}
		if kept := next.Header.Get("X-Api-Key") != ""; kept != c.kept {
			t.Errorf("%s to %s: the header is kept: %v", c.from, c.to, kept)
		}
	}
}
