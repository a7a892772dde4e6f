package pki

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"testing"
)

func TestIssuedCertificatesVerify(t *testing.T) {
	authority, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM)
	for name, subject := range Subjects("10.250.1.2") {
		pair, err := authority.Issue(subject)
		if err != nil {
			t.Fatal(err)
		}
		loaded, err := tls.X509KeyPair(pair.Certificate, pair.Key)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth} {
			if _, err := loaded.Leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if loaded.Leaf.Subject.CommonName != subject.User {
			t.Errorf("%s is %s", name, loaded.Leaf.Subject.CommonName)
		}
		for _, address := range append(subject.Addresses, subject.Names...) {
			if err := loaded.Leaf.VerifyHostname(address); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestJavaClientsGetTheKeyFormTheyRead(t *testing.T) {
	authority, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := authority.Issue(Subjects("10.250.1.2")["admin"])
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(pair.Key); block.Type != "RSA PRIVATE KEY" {
		t.Errorf("the administrator's key is a %s", block.Type)
	}
}
