package io.twelveseconds.localstack;

/** A server that a program can start, announce and stop. */
interface LocalServer extends AutoCloseable {

	/** Returns when the server answers. */
	void start() throws Exception;

	/** Where it answers, for the line that says so. */
	String address();

	/** Returns when the server, once started, has ended for whatever reason. */
	void await() throws InterruptedException;

	/** Stops it in order, and may be called at any time, more than once. */
	@Override
	void close();

}
