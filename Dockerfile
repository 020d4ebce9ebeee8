# One recipe for all seven services (--build-arg MODULE=order-service) and, with --target cli, for the demo command.
# Nothing but Docker is needed: Maven runs inside, and its repository is kept between builds.

FROM maven:3.9.11-eclipse-temurin-25 AS poms
WORKDIR /shop
COPY pom.xml ./
COPY api-gateway/pom.xml api-gateway/
COPY order-service/pom.xml order-service/
COPY inventory-service/pom.xml inventory-service/
COPY payment-service/pom.xml payment-service/
COPY loyalty-service/pom.xml loyalty-service/
COPY notification-service/pom.xml notification-service/
COPY analytics-service/pom.xml analytics-service/
COPY lab/trace-analysis/pom.xml lab/trace-analysis/
COPY lab/local-stack/pom.xml lab/local-stack/
COPY lab/test-stack/pom.xml lab/test-stack/
COPY lab/fault-injection/pom.xml lab/fault-injection/
COPY lab/demo-cli/pom.xml lab/demo-cli/
COPY lab/system-tests/pom.xml lab/system-tests/

# The agent's layer changes with its version only, and all services share it.
FROM poms AS agent
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    version=$(sed -n 's:.*<opentelemetry-javaagent.version>\(.*\)</.*:\1:p' pom.xml) \
 && mvn -B -ntp -q -N dependency:copy -DoutputDirectory=/agent -Dmdep.stripVersion=true \
      -Dartifact=io.opentelemetry.javaagent:opentelemetry-javaagent:$version

# Only this service's sources come in, so that a change to another one does not build it again. What it needs for its
# tests is in the reactor, but empty.
FROM poms AS service-build
ARG MODULE
COPY lab/fault-injection/src/main lab/fault-injection/src/main
COPY ${MODULE}/src/main ${MODULE}/src/main
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp -q -pl ${MODULE} -am package -Dmaven.test.skip=true -Dspring-javaformat.validate.skip=true -Dmdep.skip=true \
 && java -Djarmode=tools -jar ${MODULE}/target/${MODULE}.jar extract --layers --destination /layers \
 && mv /layers/application/${MODULE}.jar /layers/application/app.jar \
 && sed -n 's:^build.version=::p' ${MODULE}/target/classes/META-INF/build-info.properties > /layers/application/version

FROM poms AS cli-build
COPY lab/trace-analysis/src/main lab/trace-analysis/src/main
COPY lab/demo-cli/src/main lab/demo-cli/src/main
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp -q -pl lab/demo-cli -am package -Dmaven.test.skip=true -Dspring-javaformat.validate.skip=true

FROM eclipse-temurin:25-jre AS cli
# Not 1000: the base image has such a user.
RUN useradd --system --uid 10001 --home-dir /tmp demo && mkdir /state && chown demo /state
COPY --from=cli-build /shop/lab/demo-cli/target/lib /app/lib
COPY --from=cli-build /shop/lab/demo-cli/target/demo-cli.jar /app/
COPY scenarios /app/scenarios
COPY telemetry/sampling /app/telemetry/sampling
COPY lab/fault-injection/src/main/resources/faults.json /app/lab/fault-injection/src/main/resources/
COPY --chown=10001 lab/fault-injection/src/main/resources/faults.json /flags/flags.json
USER 10001
ENV DEMO_HOME=/state DEMO_ROOT=/app
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-Dstdout.encoding=UTF-8", "-cp", "/app/demo-cli.jar:/app/lib/*", \
    "io.twelveseconds.demo.Demo"]

FROM eclipse-temurin:25-jre AS service
RUN useradd --system --uid 10001 --home-dir /tmp shop
COPY deploy/image/ /usr/local/bin/
COPY --chown=10001 lab/fault-injection/src/main/resources/faults.json /flags/flags.json
COPY --from=agent /agent/opentelemetry-javaagent.jar /agent/
COPY --from=service-build /layers/dependencies/ /app/
COPY --from=service-build /layers/application/ /app/
USER 10001
WORKDIR /app
ENTRYPOINT ["run-service"]
