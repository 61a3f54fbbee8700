// Package transport is what the HTTP clients of directories have in common: the end of a call's time limit, idle
// connections, and failures that come without a word of the vendor.
package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"latchkey/idp"
	"latchkey/limit"
)

// Bounded is a body with which its exchange's time limit ends: when it was read, or is closed.
func Bounded(body io.ReadCloser, done context.CancelFunc) io.ReadCloser {
	return &bounded{body, done}
}

type bounded struct {
	io.ReadCloser
	done context.CancelFunc
}

// Read ends the time limit with the body.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.done()
	}
	return n, err
}

// Close implements io.Closer.
func (b *bounded) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}

// CloseIdle lets http.Client.CloseIdleConnections through to what is under a transport.
func CloseIdle(under http.RoundTripper) {
	if c, able := under.(interface{ CloseIdleConnections() }); able {
		c.CloseIdleConnections()
	}
}

// Unanswered is a failure without the vendor's word; remedy says what to check where it couldn't be reached. The address
// that was called stays out of it: there may be names in it, or what one signs in with.
func Unanswered(vendor, remedy string, err error) error {
	var full *limit.Exceeded
	if errors.As(err, &full) {
		return &idp.RateLimited{After: full.After}
	}
	var odd *idp.Unintelligible
	if errors.As(err, &odd) {
		return fmt.Errorf("%w; it will be tried again", odd)
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer in time; it will be tried again: %w", vendor, err)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("nobody waited for %s's answer any more: %w", vendor, err)
	}
	return fmt.Errorf("%s could not be reached, check %s; it will be tried again: %w", vendor, remedy, err)
}
