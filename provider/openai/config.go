package openai

import (
	"net/http"
	"net/url"
	"os"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/weirflow/weir/model"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

const (
	// officialURL is where OpenAI answers.
	officialURL = "https://api.openai.com/v1"
	// officialName is what errors, prices and model names call it.
	officialName = "openai"
	// defaultTimeout is that of OpenAI's own clients: ten minutes.
	defaultTimeout = 10 * time.Minute

	envKey = "OPENAI_API_KEY"
	envURL = "OPENAI_BASE_URL"
)

// Config says which model is asked, and where. Only Model is needed when the environment holds the rest.
type Config struct {
	// Model is the model's name, such as "gpt-4o-mini".
	Model string
	// BaseURL is the endpoint up to "/chat/completions", such as "http://localhost:11434/v1". Empty: OPENAI_BASE_URL, or
	// OpenAI itself.
	BaseURL string
	// Key is the API key. Empty: OPENAI_API_KEY, unless BaseURL is given here: a key that belongs to another endpoint is not
	// sent to this one. Local servers need none.
	Key string
	// Provider is the name in errors, prices and telemetry. Empty: "openai".
	Provider string
	// HTTPClient makes the calls. Nil: http.DefaultClient.
	HTTPClient *http.Client
	// Timeout bounds one call beside its context. 0: 10 minutes, as OpenAI's own clients have it; negative: none.
	Timeout time.Duration
	// Prices fill Usage.Cost. Nil: the cost is left to the step, which has the run's prices.
	Prices usage.Prices
}

// New makes a model. It does not call the endpoint. The error has plan.CodeConfig. The model is safe for use by several
// goroutines.
func New(c Config) (model.Model, error) {
	c = c.complete()
	switch {
	case c.Model == "":
		return nil, plan.Errorf(plan.CodeConfig, "openai: no model: set Config.Model, for example to \"gpt-4o-mini\"")
	case c.Key == "" && c.BaseURL == officialURL:
		return nil, plan.Errorf(plan.CodeConfig, "openai: no API key: set %s or Config.Key, or Config.BaseURL for a server that needs none", envKey)
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return nil, plan.Errorf(plan.CodeConfig, "openai: the base URL must look like %s, without a name or password in it", officialURL)
	}
	m := &chat{config: c, official: u.Host == officialHost}
	options := []option.RequestOption{
		option.WithBaseURL(c.BaseURL),
		option.WithHTTPClient(c.HTTPClient),
		option.WithMaxRetries(0), // the step retries
		option.WithMiddleware(m.guard),
	}
	if c.Key != "" {
		options = append(options, option.WithAPIKey(c.Key))
	}
	m.service = sdk.NewChatCompletionService(options...)
	return m, nil
}

// officialHost is the host of officialURL.
const officialHost = "api.openai.com"

// complete fills what was left open from the environment and the defaults.
func (c Config) complete() Config {
	if c.BaseURL == "" {
		c.BaseURL = os.Getenv(envURL)
		if c.Key == "" {
			c.Key = os.Getenv(envKey)
		}
	}
	if c.BaseURL == "" {
		c.BaseURL = officialURL
	}
	if c.Provider == "" {
		c.Provider = officialName
	}
	if c.HTTPClient == nil {
		c.HTTPClient = http.DefaultClient
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return c
}
