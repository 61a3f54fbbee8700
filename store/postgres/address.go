package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The sentences of an address that can't be used. Nothing of the address itself is in them but the names of
// files: a part of it that was misread may be a piece of the password.
const (
	encoded = "store.dsn can't be read: there may be characters that mean something in an address: in user and password write %2F for /, %40 for @, %3A for :, " +
		"%25 for %, and %20 for a space; or write host=… dbname=… user=… password='…' instead"
	quoted     = `store.dsn can't be read: in host=… dbname=… user=… password=… a value with spaces, quotes or backslashes stands in quotes ('…'), and in those \' and \\ stand for ' and \`
	unreadable = "store.dsn can't be read: it has to be a URL such as postgres://latchkey@db.example.com/latchkey?sslmode=verify-full, with the password in it or in PGPASSWORD or ~/.pgpass"
	modes      = "store.dsn can't be used: sslmode has to be disable, allow, prefer, require, verify-ca or verify-full"
	noRoots    = "store.dsn can't be used: the file of sslrootcert has no certificate in it: it has to have that of the authority, in PEM"
)

// readAddress reads an address, which may be a URL or words and values.
func readAddress(dsn string) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(dsn)
	switch {
	case err != nil:
		return nil, errors.New(misread(dsn, err))
	case isURL(dsn) && cutShort(dsn, &c.ConnConfig.Config):
		return nil, errors.New(encoded)
	}
	return c, nil
}

// misread says why an address isn't taken. What the driver says of it is not repeated.
func misread(dsn string, err error) string {
	var refused *pgconn.ParseConfigError
	said := ""
	if errors.As(err, &refused) && errors.Unwrap(refused) != nil {
		said = errors.Unwrap(refused).Error()
	}
	var file *fs.PathError
	switch {
	case errors.As(err, &file):
		return unreadFile(said, file)
	case strings.Contains(said, "CA to cert pool"):
		return noRoots
	case strings.Contains(said, "sslmode is invalid"):
		return modes
	case strings.Contains(err.Error(), "failed to parse as URL"), isURL(dsn) && strings.Contains(err.Error(), "invalid port"):
		return encoded
	case strings.Contains(err.Error(), "failed to parse as keyword/value") && strings.Contains(dsn, "="):
		return quoted
	}
	return unreadable
}

func unreadFile(said string, file *fs.PathError) string {
	setting := "sslcert"
	for name, says := range map[string]string{"sslrootcert": "CA file", "sslkey": "sslkey"} {
		if strings.Contains(said, says) {
			setting = name
		}
	}
	return fmt.Sprintf("store.dsn can't be used: the file %s can't be read (%v): mount it there, or correct %s", file.Path, file.Err, setting)
}

func isURL(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// userOf is what a URL says of user and password: as PostgreSQL reads it, all before the first @ that has no / before it.
func userOf(dsn string) (user, rest string) {
	_, rest, _ = strings.Cut(dsn, "://")
	if i := strings.IndexAny(rest, "@/"); i >= 0 && rest[i] == '@' {
		return rest[:i], rest[i+1:]
	}
	return "", rest
}

// cutShort tells whether user and password of a URL ended too early for whoever wrote it: what is behind an @ or a / of
// the password is taken for the name of a host or of the database then.
func cutShort(dsn string, c *pgconn.Config) bool {
	for _, way := range append([]*pgconn.FallbackConfig{{Host: c.Host}}, c.Fallbacks...) {
		if strings.LastIndexByte(way.Host, '@') > 0 { // a socket's name may begin with one
			return true
		}
	}
	user, _ := userOf(dsn)
	return user == "" && strings.Contains(c.Database, "@")
}

var passwordWord = regexp.MustCompile(`(?:^|\s)password\s*=`)

// hasPassword tells whether a password stands in an address itself, wherever else one may be.
func hasPassword(dsn string) bool {
	if !isURL(dsn) {
		return passwordWord.MatchString(dsn)
	}
	user, rest := userOf(dsn)
	_, settings, _ := strings.Cut(rest, "?")
	named, _ := url.ParseQuery(settings) // of what can't be read, the rest
	return strings.Contains(user, ":") || named.Has("password")
}

// unproven tells whether a session may be had of somebody who isn't proven to be the database: without TLS, or with
// a certificate that nobody looks at. On this machine nobody has to be.
func unproven(c *pgconn.Config) bool {
	ways := append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	for _, w := range ways {
		proven := w.TLSConfig != nil && (!w.TLSConfig.InsecureSkipVerify || w.TLSConfig.VerifyPeerCertificate != nil || w.TLSConfig.VerifyConnection != nil)
		if !proven && !here(w.Host) {
			return true
		}
	}
	return false
}

// here tells whether a host is this machine: a socket, or its own address.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" || ip != nil && ip.IsLoopback()
}
