package google

import (
	"errors"
	"iter"
)

// errCircle ends a list whose pages come again.
var errCircle = errors.New("Google's pages go round in circles, look for a proxy that keeps answers; it will be tried again")

// pages goes through a list page by page. An error is the last thing it yields. A page may be empty and not be the last.
func pages[T any](read func(token string) (some []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := map[string]bool{}
		for token := ""; ; {
			some, next, err := read(token)
			if err == nil && next != "" && seen[next] {
				err = errCircle
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range some {
				if !yield(one, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			token, seen[next] = next, true
		}
	}
}

// all collects a list; of one that breaks off, nothing.
func all[T any](list iter.Seq2[T, error]) (every []T, err error) {
	for one, err := range list {
		if err != nil {
			return nil, err
		}
		every = append(every, one)
	}
	return every, nil
}
