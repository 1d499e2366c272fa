package builtin

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/spec"
)

// HTTP sends one request and gives a map: status, headers with lower-case names and the first value of each, and body. An
// answer that is not 2xx is an HTTPError. Up to five redirects are followed; to another host they carry no headers of the
// pipeline's and no body. Addresses that are not public are refused unless the runner allows them; proxies of the
// environment are not used, since they would connect on the pipeline's behalf. A connection serves one request.
type HTTP struct {
	Method   string        `weir:"method" enum:"GET,HEAD,POST,PUT,PATCH,DELETE" doc:"The method. Default: GET."`
	URL      spec.Value    `weir:"url,required" doc:"Where to send it: http or https."`
	Headers  spec.Value    `weir:"headers" doc:"A map of header names to values."`
	Body     spec.Value    `weir:"body" doc:"What to send: text as it is, anything else as JSON. Default: nothing."`
	Timeout  time.Duration `weir:"timeout" doc:"How long it may take, answer included; at most 10m. Default: 30s."`
	MaxBytes int64         `weir:"max_bytes" doc:"The largest answer that is taken; a larger one fails the step. Default: 10485760."`
	Expect   string        `weir:"expect" enum:"auto,json,text" doc:"How to read the answer: auto goes by its content type. Default: auto."`
}

const (
	defaultTimeout = 30 * time.Second
	maxTimeout     = 10 * time.Minute
	defaultAnswer  = 10 << 20
	maxRedirects   = 5
	headerBytes    = 256 << 10
)

// requester is HTTP, checked.
type requester struct {
	method   string
	url      argument
	headers  spec.Value
	body     spec.Value
	timeout  time.Duration
	maxBytes int64
	expect   string
	allowed  func(netip.Addr) bool
}

// Effects names the method and the address.
func (h *HTTP) Effects() []plan.Effect {
	return []plan.Effect{{Verb: plan.Sends, What: cmp.Or(h.Method, http.MethodGet) + " " + written(h.URL)}}
}

// Build checks the keys and makes the call.
func (h *HTTP) Build(env Env) (Call, error) {
	allowed := isPublic
	if env.AllowPrivate {
		allowed = func(netip.Addr) bool { return true }
	}
	r, err := h.build(env, allowed)
	if err != nil {
		return nil, err
	}
	return r.call, nil
}

func (h *HTTP) build(env Env, allowed func(netip.Addr) bool) (*requester, error) {
	m := &mistakes{function: "http"}
	r := &requester{
		method:   m.choose("method", h.Method, http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete),
		url:      argument{function: "http", key: "url", value: h.URL},
		headers:  h.Headers,
		body:     h.Body,
		timeout:  h.Timeout,
		maxBytes: bounded(m, "max_bytes", h.MaxBytes, defaultAnswer, env.Limits.withDefaults().BodyBytes),
		expect:   m.choose("expect", h.Expect, "auto", "json", "text"),
		allowed:  allowed,
	}
	if !h.URL.Set() {
		m.add("url", "it is missing; write where to send the request")
	}
	if h.Body.Set() && (r.method == http.MethodGet || r.method == http.MethodHead) {
		m.add("body", "%s sends none; set method", r.method)
	}
	switch {
	case h.Timeout == 0:
		r.timeout = defaultTimeout
	case h.Timeout < 0 || h.Timeout > maxTimeout:
		m.add("timeout", "%s is not from 1ns to %s", h.Timeout, maxTimeout)
	}
	return r, m.err()
}

func (r *requester) call(ctx context.Context, in any) (any, error) {
	within, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := r.request(within, in)
	if err != nil {
		return nil, err
	}
	what := r.method + " " + req.URL.Scheme + "://" + req.URL.Host
	res, err := r.client(within).Do(req)
	if err != nil {
		return nil, r.transportError(ctx, within, what, err)
	}
	defer func() { _ = res.Body.Close() }() // what it could tell is known already: the body was read, or is not wanted
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, statusError(what, res)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, r.maxBytes+1))
	if err != nil {
		return nil, r.transportError(ctx, within, what, err)
	}
	if int64(len(body)) > r.maxBytes {
		return nil, plan.NoRetry(plan.Errorf(plan.CodeInput, "http: %s: the answer has more than the %d bytes of max_bytes", what, r.maxBytes))
	}
	return r.output(what, res, body)
}

// client makes a client for one call: every connection ends with the call's context. A shared one would keep connections,
// and goroutines, with nobody to close them.
func (r *requester) client(call context.Context) *http.Client {
	dialer := &net.Dialer{Control: onlyTo(r.allowed)}
	// The context that the transport hands over outlives the request, for the sake of later ones; here there are none.
	dial := func(_ context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(call, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(call, func() { _ = conn.Close() })
		return conn, nil
	}
	return &http.Client{
		CheckRedirect: r.redirect,
		Transport: &http.Transport{
			DialContext:            dial,
			DisableKeepAlives:      true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: headerBytes,
		},
	}
}

// request renders the keys. Its errors show no part of a URL or header, which may hold secrets.
func (r *requester) request(ctx context.Context, in any) (*http.Request, error) {
	text, err := r.url.text(ctx, in)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, plan.Errorf(plan.CodeInput, "http: url: it is not a whole http or https URL")
	}
	body, isJSON, err := r.content(ctx, in)
	if err != nil {
		return nil, err
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), reader)
	if err != nil {
		return nil, plan.Errorf(plan.CodeInput, "http: url: it is not a whole http or https URL")
	}
	req.Header.Set("User-Agent", "weir")
	if isJSON {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, r.setHeaders(ctx, in, req)
}

// content renders the body; nil: none.
func (r *requester) content(ctx context.Context, in any) (body []byte, isJSON bool, err error) {
	if !r.body.Set() {
		return nil, false, nil
	}
	v, err := argument{function: "http", key: "body", value: r.body}.get(ctx, in)
	if err != nil {
		return nil, false, err
	}
	if text, ok := v.(string); ok {
		return []byte(text), false, nil
	}
	if body, err = encodeJSON(v, ""); err != nil {
		return nil, false, plan.Errorf(plan.CodeInput, "http: body: it %w", err)
	}
	return body, true, nil
}

// setHeaders renders the headers. Host cannot be set: the guard and the reader go by the URL.
func (r *requester) setHeaders(ctx context.Context, in any, req *http.Request) error {
	if !r.headers.Set() {
		return nil
	}
	v, err := argument{function: "http", key: "headers", value: r.headers}.get(ctx, in)
	if err != nil {
		return err
	}
	headers, ok := v.(map[string]any)
	if !ok {
		return plan.Errorf(plan.CodeInput, "http: headers: the value is %s; it must be a map", describe(v))
	}
	for name, value := range headers {
		text, err := toText(value)
		if err != nil || !validHeader(name, text) {
			return plan.Errorf(plan.CodeInput, "http: headers: %s is not a header, or its value holds a control character", excerpt(name))
		}
		req.Header.Set(name, text)
	}
	return nil
}

// redirect bounds redirects and keeps what was meant for one host from another.
func (r *requester) redirect(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) > maxRedirects:
		return &refusal{fmt.Sprintf("more than %d redirects", maxRedirects)}
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return &refusal{"a redirect to something that is not http or https"}
	}
	req.Header.Del("Referer") // would show the query of the URL before
	if req.URL.Host == first.Host && (req.URL.Scheme == first.Scheme || req.URL.Scheme == "https") {
		return nil
	}
	if req.Body != nil {
		return &refusal{"a redirect that sends the body to another host"}
	}
	req.Header = http.Header{"User-Agent": {"weir"}}
	return nil
}
