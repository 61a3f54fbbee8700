package postgres

import "latchkey/config/value"

// Settings are what config.yaml says about the database.
type Settings struct {
	DSN     value.Secret
	Writers int
	Readers int
}

func (s Settings) dialer() (*dialer, error) { return newDialer(s.DSN.Current()) }
