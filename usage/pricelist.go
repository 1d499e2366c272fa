package usage

// DefaultPrices is a small list of the standard prices of OpenAI's text models, as published on
// https://platform.openai.com/docs/pricing and checked against price tables dated up to June 2026. Prices change: give your
// own in weir.Config.Prices where money matters. The map is made anew for each call and belongs to the caller.
func DefaultPrices() Prices {
	const cent = dollar / 100
	return Prices{
		"gpt-4o":            {Input: 250 * cent, CachedInput: 125 * cent, Output: 1000 * cent},
		"gpt-4o-2024-05-13": {Input: 500 * cent, Output: 1500 * cent}, // the first version kept its price
		"gpt-4o-mini":       {Input: 15 * cent, CachedInput: 75 * cent / 10, Output: 60 * cent},
		"gpt-4.1":           {Input: 200 * cent, CachedInput: 50 * cent, Output: 800 * cent},
		"gpt-4.1-mini":      {Input: 40 * cent, CachedInput: 10 * cent, Output: 160 * cent},
		"gpt-4.1-nano":      {Input: 10 * cent, CachedInput: 25 * cent / 10, Output: 40 * cent},
		"o3":                {Input: 200 * cent, CachedInput: 50 * cent, Output: 800 * cent},
		"o4-mini":           {Input: 110 * cent, CachedInput: 275 * cent / 10, Output: 440 * cent},
		"gpt-5":             {Input: 125 * cent, CachedInput: 125 * cent / 10, Output: 1000 * cent},
		"gpt-5-mini":        {Input: 25 * cent, CachedInput: 25 * cent / 10, Output: 200 * cent},
		"gpt-5-nano":        {Input: 5 * cent, CachedInput: 5 * cent / 10, Output: 40 * cent},
	}
}
