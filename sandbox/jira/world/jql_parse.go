package world

import "strings"

// query is a parsed JQL statement.
type query struct {
	where expr
	order []orderBy
}

type orderBy struct {
	field string
	desc  bool
}

// expr tells whether an indexed issue matches.
type expr interface {
	match(d doc) bool
}

type both struct{ a, b expr }
type either struct{ a, b expr }
type not struct{ e expr }

func (e both) match(d doc) bool   { return e.a.match(d) && e.b.match(d) }
func (e either) match(d doc) bool { return e.a.match(d) || e.b.match(d) }
func (e not) match(d doc) bool    { return !e.e.match(d) }

type predicate func(d doc) bool

func (p predicate) match(d doc) bool { return p(d) }

// clause is one comparison before it is bound to the site.
type clause struct {
	field  string
	op     string
	values []operand
}

// operand is a literal, or a function with its arguments.
type operand struct {
	text   string
	call   bool
	quoted bool
	args   []string
}

func (o operand) empty() bool {
	return !o.call && !o.quoted && (strings.EqualFold(o.text, "empty") || strings.EqualFold(o.text, "null"))
}

type parser struct {
	toks  []token
	depth int
	bind  func(clause) (expr, error)
}

// parseJQL reads a statement; bind turns each clause into a predicate. Words
// without any operator are a text search, as in Jira's own search box.
func parseJQL(src string, bind func(clause) (expr, error)) (query, error) {
	toks, err := lex(src)
	if err != nil {
		return query{}, err
	}
	p := &parser{toks: toks, bind: bind}
	q, err := p.statement()
	if err != nil && bareWords(toks) {
		e, bindErr := bind(clause{field: "text", op: "~", values: []operand{{text: src}}})
		return query{where: e}, bindErr
	}
	return q, err
}

// bareWords tells whether a statement that does not parse is meant as words to
// search for. The keywords of history searches, which are not modelled, and of
// real clauses speak against it.
func bareWords(toks []token) bool {
	for _, t := range toks[:len(toks)-1] {
		if t.kind != tokWord {
			return false
		}
		switch strings.ToLower(t.text) {
		case "order", "and", "or", "was", "changed", "empty", "null":
			return false
		}
	}
	return len(toks) > 1
}

func (p *parser) peek() token { return p.toks[0] }

func (p *parser) take() token {
	t := p.toks[0]
	if t.kind != tokEnd {
		p.toks = p.toks[1:]
	}
	return t
}

func (p *parser) takeWord(word string) bool {
	if p.peek().is(word) {
		p.take()
		return true
	}
	return false
}

func (p *parser) unexpected(wanted string) error {
	t := p.peek()
	if t.kind == tokEnd {
		return jqlError("Expecting %s before the end of the query.", wanted)
	}
	return jqlError("Expecting %s but got '%s'. (line 1, character %d)", wanted, t.text, t.at+1)
}

func (p *parser) statement() (query, error) {
	var q query
	var err error
	if p.peek().kind != tokEnd && !p.peek().is("order") {
		if q.where, err = p.or(); err != nil {
			return q, err
		}
	}
	if p.takeWord("order") {
		if q.order, err = p.orders(); err != nil {
			return q, err
		}
	}
	if p.peek().kind != tokEnd {
		return q, p.unexpected("either 'OR' or 'AND'")
	}
	return q, nil
}

func (p *parser) or() (expr, error) {
	left, err := p.and()
	for err == nil && p.takeWord("or") {
		var right expr
		if right, err = p.and(); err == nil {
			left = either{left, right}
		}
	}
	return left, err
}

func (p *parser) and() (expr, error) {
	left, err := p.unary()
	for err == nil && p.takeWord("and") {
		var right expr
		if right, err = p.unary(); err == nil {
			left = both{left, right}
		}
	}
	return left, err
}

func (p *parser) unary() (expr, error) {
	p.depth++
	defer func() { p.depth-- }()
	switch {
	case p.depth > 100:
		return nil, jqlError("The query is nested too deeply.")
	case p.takeWord("not"), p.takeSymbol("!"):
		e, err := p.unary()
		return not{e}, err
	case p.takeSymbol("("):
		e, err := p.or()
		if err == nil && !p.takeSymbol(")") {
			err = p.unexpected("')'")
		}
		return e, err
	}
	return p.clause()
}

func (p *parser) takeSymbol(s string) bool {
	if p.peek().symbol(s) {
		p.take()
		return true
	}
	return false
}

func (p *parser) orders() ([]orderBy, error) {
	if !p.takeWord("by") {
		return nil, p.unexpected("'BY'")
	}
	var out []orderBy
	for {
		f, err := p.fieldName()
		if err != nil {
			return nil, err
		}
		o := orderBy{field: f}
		if p.takeWord("desc") {
			o.desc = true
		} else {
			p.takeWord("asc")
		}
		out = append(out, o)
		if !p.takeSymbol(",") {
			return out, nil
		}
	}
}
