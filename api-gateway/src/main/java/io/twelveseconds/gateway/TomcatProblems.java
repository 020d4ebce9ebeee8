package io.twelveseconds.gateway;

import java.io.IOException;

import io.twelveseconds.gateway.tracing.CurrentTrace;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/**
 * Problems instead of Tomcat's HTML pages, for what never reaches Spring MVC: paths that
 * cannot be decoded, headers too large, lines that are not HTTP.
 */
@Component
class TomcatProblems implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

	private static final Logger log = LoggerFactory.getLogger(TomcatProblems.class);

	private final JsonMapper json;

	private final TraceLinks links;

	TomcatProblems(JsonMapper json, TraceLinks links) {
		this.json = json;
		this.links = links;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		factory.addContextCustomizers((context) -> context.getParent().getPipeline().addValve(new ProblemValve()));
	}

	private class ProblemValve extends ErrorReportValve {

		@Override
		protected void report(Request request, Response response, @Nullable Throwable failure) {
			if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
				return;
			}
			if (failure != null && response.getStatus() >= 500) {
				log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
			}
			// Tomcat says 501 and 505 to what it does not speak: the caller's to mend.
			int status = (response.getStatus() == 501 || response.getStatus() == 505) ? 400 : response.getStatus();
			ProblemDetail problem = Problem.of(status).toProblemDetail();
			problem.setStatus(status);
			TomcatProblems.this.links.addTo(problem);
			response.setStatus(status);
			CurrentTrace.writeTo(response);
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			try {
				response.getOutputStream().write(TomcatProblems.this.json.writeValueAsBytes(problem));
				response.finishResponse();
			}
			catch (IOException ex) {
				log.debug("The caller is gone", ex);
			}
		}

	}

}
