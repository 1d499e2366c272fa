package modeltest

import (
	"net/http"

	"github.com/weirflow/weir/usage"
)

// Fault is what goes wrong with an Answer.
type Fault string

// The faults that a Server can show.
const (
	// None: nothing goes wrong.
	None Fault = ""
	// RateLimited is 429; the header Retry-After comes from Answer.Header.
	RateLimited Fault = "rate limited"
	// NoQuota is the 429 of an account that has nothing left to spend: no wait mends it.
	NoQuota Fault = "no quota"
	// Broken is 500, Overloaded 503.
	Broken     Fault = "broken"
	Overloaded Fault = "overloaded"
	// Unauthorized is 401, with the key in its text; Forbidden is 403.
	Unauthorized Fault = "unauthorized"
	Forbidden    Fault = "forbidden"
	// BadRequest is 400, NotFound the 404 of a model that is not there.
	BadRequest Fault = "bad request"
	NotFound   Fault = "not found"
	// TooLong is the refusal of a prompt that does not fit the model, Filtered that of one its filter stopped.
	TooLong  Fault = "too long"
	Filtered Fault = "filtered"
	// FormatRejected is the refusal of an answer's schema by an endpoint that cannot do it.
	FormatRejected Fault = "format rejected"
	// StreamRejected is the refusal to stream by an endpoint that answers in one piece only.
	StreamRejected Fault = "stream rejected"
	// HTMLError is a 502 with a page for people, as a proxy sends it.
	HTMLError Fault = "html error"
	// Hangup closes the connection before an answer, CutOff in the middle of one.
	Hangup Fault = "hangup"
	CutOff Fault = "cut off"
	// Malformed is an answer that is not JSON, WrongShape JSON of another shape, Deep JSON of a million brackets.
	Malformed  Fault = "malformed"
	WrongShape Fault = "wrong shape"
	Deep       Fault = "deep"
	// Silent begins an answer, a streamed one with its first part, and goes on only when the caller has gone; Mute does not even
	// begin.
	Silent Fault = "silent"
	Mute   Fault = "mute"
	// Empty is an answer without any choice; ErrorBody is an error told under status 200.
	Empty     Fault = "empty"
	ErrorBody Fault = "error body"
	// Oversized is an answer longer than model.MaxResponse, EndlessError an error page of that sort.
	Oversized    Fault = "oversized"
	EndlessError Fault = "endless error"
	// Cut is an answer that ended at its greatest length, FilteredAnswer one that the filter ended, Refusal one in which the
	// model says that it will not.
	Cut            Fault = "cut"
	FilteredAnswer Fault = "filtered answer"
	Refusal        Fault = "refusal"
	// Unmetered is an answer that does not say what it used.
	Unmetered Fault = "unmetered"
)

// Answer is one answer of a Server. The zero value is an empty text.
type Answer struct {
	// Text is the answer's text. Empty: the Parts joined.
	Text string
	// Parts are what the answer is told in to a caller who asks for a stream. Nil: the words of Text.
	Parts []string
	// Torn is how many bytes of a stream are written at once, wherever that cuts it. 0: an event at a time.
	Torn int
	// Usage is what the answer says that the call used.
	Usage usage.Usage
	// Fault is what goes wrong.
	Fault Fault
	// Header is added to the response, such as Retry-After.
	Header http.Header
}
