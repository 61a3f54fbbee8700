package postgres

import (
	"context"
	"net"
	"time"
)

// A path to the database can die without a word. What was sent then waits for an answer until the kernel gives up, which on
// Linux takes a quarter of an hour, and longer where nothing was sent: this process finds out as soon as the database does.
const (
	pathIdle     = 15 * time.Second
	pathInterval = 5 * time.Second
	pathProbes   = 3
	pathPatience = pathIdle + pathProbes*pathInterval // for what was sent and isn't acknowledged
)

// dialPath connects to a database by a path that is given up when it is dead.
func dialPath(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: pathIdle, Interval: pathInterval, Count: pathProbes},
		Control:         givesUp,
	}
	return d.DialContext(ctx, network, address)
}
