package snapshot

import "latchkey/store/snapshot/columns"

// worklists are the items of each reviewer, in the first stage and in the second, by their
// numbers and one more.
type worklists [2][]*columns.Ascending

func (l *worklists) of(who reviewer) *columns.Ascending {
	stage, at := l.place(who)
	if short := at + 1 - len(*stage); short > 0 {
		*stage = append(*stage, make([]*columns.Ascending, short)...)
	}
	if (*stage)[at] == nil {
		(*stage)[at] = &columns.Ascending{}
	}
	return (*stage)[at]
}

func (l *worklists) place(who reviewer) (stage *[]*columns.Ascending, at int) {
	if who.second {
		return &l[1], int(who.number) + 1
	}
	return &l[0], int(who.number) + 1
}

// given are the items of a reviewer; nil where there are none.
func (l *worklists) given(who reviewer) *columns.Ascending {
	stage, at := l.place(who)
	if at >= len(*stage) {
		return nil
	}
	return (*stage)[at]
}
