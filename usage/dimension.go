package usage

// amount is a number for each dimension that a budget keeps, in the order in which limits are reported: cost, tokens, calls.
type amount [3]int64

// dimensions are the limits of a budget in the same order.
type dimensions [len(amount{})]Limit

// names are the dimensions as errors call them.
var names = [len(amount{})]string{whatCost, whatTokens, whatCalls}

// amountOf is what usage is in each dimension, with negative numbers as 0.
func amountOf(u Usage) amount {
	u = u.Clamp()
	return amount{u.Cost, u.Tokens(), u.Requests}
}

func (a amount) plus(b amount) amount {
	for d := range a {
		a[d] = add(a[d], b[d])
	}
	return a
}

// dimensions are the limits that a budget keeps, with negative ones as 0.
func (l Limits) dimensions() dimensions {
	list := dimensions{l.Cost, l.Tokens, l.Calls}
	for d := range list {
		list[d].n = max(0, list[d].n)
	}
	return list
}

func (l dimensions) limits() Limits { return Limits{Cost: l[0], Tokens: l[1], Calls: l[2]} }

// bounded says that one of them is a limit.
func (l dimensions) bounded() bool { return l[0].set || l[1].set || l[2].set }
