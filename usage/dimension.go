package usage

// amount is a number for each dimension that a budget keeps, in the order in which limits are reported: cost, tokens, calls.
type amount [3]int64

// dimensions are the limits of a budget in the same order: those that are set.
type dimensions struct {
	n   amount
	set [len(amount{})]bool
}

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
func (l Limits) dimensions() (list dimensions) {
	for d, one := range [...]Limit{l.Cost, l.Tokens, l.Calls} {
		list.n[d], list.set[d] = max(0, one.n), one.set
	}
	return list
}

func (l dimensions) limits() Limits { return Limits{Cost: l.at(0), Tokens: l.at(1), Calls: l.at(2)} }

func (l dimensions) at(d int) Limit { return Limit{n: l.n[d], set: l.set[d]} }

// bounded says that one of them is a limit.
func (l dimensions) bounded() bool { return l.set != [len(amount{})]bool{} }
