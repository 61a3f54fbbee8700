package limit

// Kept is how many quotas a limiter remembers.
func Kept(l *Limiter) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.quotas)
}
