package builtin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/weirflow/weir/plan"
)

var errNotText = errors.New("it is neither UTF-8 text nor JSON")

// HTTPError is a request that was answered with a status other than 2xx, or not answered. Its text names the method, the
// host and the cause, and nothing else of the request: paths, queries, headers and bodies hold secrets.
type HTTPError struct {
	// Request is the method, scheme and host: "GET https://example.com".
	Request string
	// Status is that of the answer; 0: there was none.
	Status int
	// Body is up to 4 KiB of the answer, as it came. It is not in the text, since an answer may repeat what it was sent.
	Body []byte
	// Class says what the failure means for a retry.
	Class plan.Class
	// Wait is how long the server asked to wait; 0: it did not.
	Wait time.Duration
	// Err is the cause where there was no answer.
	Err error
}

// Error gives "http: request: cause".
func (e *HTTPError) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("http: %s: %v", e.Request, e.Err)
	}
	return strings.TrimSpace(fmt.Sprintf("http: %s: %d %s", e.Request, e.Status, http.StatusText(e.Status)))
}

// Unwrap gives the cause.
func (e *HTTPError) Unwrap() error { return e.Err }

// ErrorClass is what the failure means for a retry; plan.ClassOf reads it.
func (e *HTTPError) ErrorClass() plan.Class { return e.Class }

// RetryAfter is the wait that the server asked for; plan.RetryAfter reads it.
func (e *HTTPError) RetryAfter() time.Duration { return e.Wait }

// maxWait keeps a server from holding a pipeline up for as long as it likes.
const maxWait = time.Hour

// statusError reads an answer that is a failure.
func statusError(what string, res *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10)) // what could be read is all that is wanted
	return &HTTPError{
		Request: what,
		Status:  res.StatusCode,
		Body:    body,
		Class:   statusClass(res.StatusCode),
		Wait:    retryAfter(res.Header.Get("Retry-After"), time.Now()),
	}
}

func statusClass(status int) plan.Class {
	switch {
	case status == http.StatusTooManyRequests:
		return plan.ClassRateLimit
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return plan.ClassAuth
	case status == http.StatusRequestTimeout:
		return plan.ClassTimeout
	case status >= 500:
		return plan.ClassOverload
	}
	return plan.ClassBadRequest
}

// retryAfter reads seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), int(maxWait/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxWait)
}

// transportError says why there was no answer; within is the context of the call inside of ctx, the step's. The URL that
// net/http puts into its errors is taken out.
func (r *requester) transportError(ctx, within context.Context, what string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if e, ok := errors.AsType[*refusal](err); ok {
		return plan.NoRetry(&HTTPError{Request: what, Class: plan.ClassBadRequest, Err: e})
	}
	// The end of the call closes its connections, so that the error may be about that.
	var slow net.Error
	if within.Err() != nil || errors.As(err, &slow) && slow.Timeout() {
		late := plan.Errorf(plan.CodeTimeout, "no whole answer within %s", r.timeout)
		return &HTTPError{Request: what, Class: plan.ClassTimeout, Err: late}
	}
	return &HTTPError{Request: what, Class: plan.ClassNetwork, Err: networkCause(err)}
}

// networkCause keeps the errors that speak of hosts, addresses and certificates. Others may quote what the server sent, or
// the URL.
func networkCause(err error) error {
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the connection ended before the answer did")
	}
	return errors.New("the connection was broken, or the answer was not HTTP")
}
